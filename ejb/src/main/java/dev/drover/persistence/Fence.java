package dev.drover.persistence;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.ownership.LeaseLost;
import dev.drover.ownership.Ownership;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** Keeps a life that was taken over from writing. Used inside the caller's transaction. */
@ApplicationScoped
@NullUnmarked
public class Fence {

    private static final String UNIQUE_VIOLATION = "23505";

    private final Ownership ownership;

    @Inject
    public Fence(Ownership ownership) {
        this.ownership = ownership;
    }

    protected Fence() {
        this(null);
    }

    UUID owner() {
        return ownership.life().id();
    }

    String node() {
        return ownership.life().node();
    }

    /** Refuses unless that owner is this life; the caller holds the row's lock, so a takeover comes before or after. */
    void require(UUID owner, String subject) {
        if (!owner().equals(owner)) {
            throw new LeaseLost(subject + " is worked on by another server, which alone may change it; ask that one, or"
                    + " wait until its lease has run out");
        }
    }

    /** Refuses unless this life goes on; its row stays locked, so that a takeover waits for the caller's end. */
    void requireAlive(EntityManager database) {
        int alive = database.createNativeQuery(
                        "update life set ended = false where id = cast(:id as uuid) and ended = false")
                .setParameter("id", owner().toString())
                .executeUpdate();
        if (alive == 0) {
            throw new LeaseLost("another server has taken over from this one; ask that one");
        }
    }

    /** Sends what was changed, so that a refusal comes here and not at the commit. @param taken the refusal of a second one */
    static void flush(EntityManager database, FailureCode taken, String message) {
        try {
            database.flush();
        } catch (PersistenceException e) {
            if (isTaken(e)) {
                throw new FailureException(taken, message);
            }
            throw e;
        }
    }

    private static boolean isTaken(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof SQLException sql && UNIQUE_VIOLATION.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
