package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.ownership.LeaseLost;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The durable rows of all migrations, and the audit trail that comes with them. Each call is a transaction of its own, on
 * disk when it returns: what it says survives the death of the server. Writes are this life's: one that concerns a
 * migration which another life has taken over is refused with {@link LeaseLost} and writes nothing. Repeating a write
 * whose outcome was not learned is harmless.
 */
public interface Journal {

    /** New rows of this life, with the step that each begins with. */
    void insert(List<Migration> migrations, Actor by);

    /**
     * Writes the row anew together with its line of the audit trail; a migration that has finished gets its
     * {@link Migration#finishOrder}. One that the journal has as finished already stays as it is and comes back so.
     */
    Migration update(Migration migration, AuditEntry entry);

    /** Adds a line to the audit trail alone: something is about to be done, or was. */
    void note(AuditEntry entry);

    Optional<Migration> find(UUID id);

    /** In the order of their plan. */
    List<Migration> ofEvacuation(UUID evacuation);

    /** Those of an evacuation that finished after the given place, in the order in which they finished. */
    List<Migration> finishedAfter(UUID evacuation, int order);

    /** All of this life's that are PLANNED or RUNNING, whoever asked for them, oldest first. */
    List<Migration> unfinished();

    /** Everybody's that {@linkplain Migration#needsHelp need help} and have not been acknowledged, the oldest end first. */
    List<Migration> unsettled();

    /** The newest first, at most {@code limit}. */
    List<Migration> newest(int limit);
}
