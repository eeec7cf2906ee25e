package dev.drover.evacuation;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.migration.Migration;
import dev.drover.ownership.LeaseLost;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The durable rows of evacuations; each call is a transaction of its own, on disk when it returns. Writes are this
 * life's: one that concerns an evacuation of another life is refused with {@link LeaseLost} and writes nothing.
 */
public interface EvacuationStore {

    /** A new evacuation and all its migrations, or nothing at all. @throws FailureException when its host has one already */
    void insert(Evacuation evacuation, List<Migration> migrations, Actor by);

    /** Writes the row anew together with its line of the audit trail. One that has ended stays as it is, and comes back so. */
    Evacuation update(Evacuation evacuation, AuditEntry entry);

    /** Adds a line to the audit trail alone. */
    void note(AuditEntry entry);

    Optional<Evacuation> find(UUID id);

    /** The newest first, at most {@code limit}. */
    List<Evacuation> newest(int limit);

    /** Everybody's. */
    List<Evacuation> unfinished();

    /** This life's. */
    List<Evacuation> own();

    /** The newest whose latest batch execution in this server's job repository is one of these. */
    Optional<Evacuation> ofExecutions(List<Long> executions);

    /** The newest evacuation of that host that ended COMPLETED, unless its domains were returned since. */
    Optional<Evacuation> lastCompleted(String host);
}
