package dev.drover.memory;

import dev.drover.audit.AuditEntry;
import dev.drover.audit.AuditTrail;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationStore;
import dev.drover.evacuation.GuardedEvacuations;
import dev.drover.migration.GuardedJournal;
import dev.drover.migration.Journal;
import dev.drover.migration.Migration;
import dev.drover.ownership.LeaseLost;
import dev.drover.ownership.Life;
import dev.drover.ownership.LifeStore;
import dev.drover.time.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One database for any number of servers and lives, all of whose stores keep their contracts: a write is there when it
 * returns, and a life that was taken over writes nothing. Its clock is that of the timers.
 */
public final class InMemoryDatabase {

    /** How it answers. */
    public enum Mode {
        WELL,
        /** Every call fails and does nothing. */
        GONE,
        /** Every write is done, then its answer is lost. */
        ANSWERS_LOST
    }

    record Owned<T>(T row, UUID owner) {}

    record Lease(Life life, Duration until, boolean ended) {}

    final Map<UUID, Owned<Migration>> migrations = new LinkedHashMap<>();
    final Map<UUID, Owned<Evacuation>> evacuations = new LinkedHashMap<>();
    final Map<UUID, String> executedOn = new LinkedHashMap<>();
    final Map<UUID, Lease> lives = new LinkedHashMap<>();
    final List<AuditEntry> entries = new ArrayList<>();
    private final Timers timers;
    private Mode mode = Mode.WELL;

    public InMemoryDatabase(Timers timers) {
        this.timers = timers;
    }

    public synchronized void become(Mode next) {
        mode = next;
    }

    public LifeStore lives() {
        return new InMemoryLives(this);
    }

    /** The journal as a server sees it. @param life the server's life at the time of each call */
    public Journal journal(Supplier<Life> life) {
        return new GuardedJournal(new InMemoryJournal(this, life));
    }

    /** The evacuations as a server sees them. @param life the server's life at the time of each call */
    public EvacuationStore evacuations(Supplier<Life> life) {
        return new GuardedEvacuations(new InMemoryEvacuations(this, life));
    }

    public AuditTrail audit() {
        return new AuditTrail() {
            @Override
            public List<AuditEntry> ofEvacuation(UUID evacuation) {
                return read(() -> entries.stream()
                        .filter(entry -> evacuation.equals(entry.evacuation()))
                        .toList());
            }

            @Override
            public List<AuditEntry> ofMigration(UUID migration) {
                return read(() -> entries.stream()
                        .filter(entry -> migration.equals(entry.migration()))
                        .toList());
            }
        };
    }

    Duration now() {
        return timers.uptime();
    }

    synchronized <T> T read(Supplier<T> call) {
        requireThere();
        return call.get();
    }

    synchronized <T> T write(Supplier<T> call) {
        requireThere();
        T result = call.get();
        if (mode == Mode.ANSWERS_LOST) {
            throw new IllegalStateException("the connection broke before the answer came");
        }
        return result;
    }

    private void requireThere() {
        if (mode == Mode.GONE) {
            throw new IllegalStateException("the database is gone");
        }
    }

    void append(AuditEntry entry) {
        entries.add(entry.numbered(entries.size() + 1L));
    }

    /** Refuses a life that was ended. */
    void requireAlive(Life life) {
        Lease lease = lives.get(life.id());
        if (lease == null || lease.ended()) {
            throw new LeaseLost("life " + life.id() + " was taken over");
        }
    }

    static void requireOwner(@Nullable UUID owner, Life life) {
        if (!life.id().equals(owner)) {
            throw new LeaseLost("owned by life " + owner + ", not by " + life.id());
        }
    }
}
