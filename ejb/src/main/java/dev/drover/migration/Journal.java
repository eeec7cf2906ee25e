package dev.drover.migration;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The durable rows of all migrations. Each call is a transaction of its own, on disk when it returns: what it says
 * survives the death of the server.
 */
public interface Journal {

    void insert(List<Migration> migrations);

    /** Writes the row anew; a migration that has finished gets its {@link Migration#finishOrder}. */
    Migration update(Migration migration);

    Optional<Migration> find(UUID id);

    /** In the order of their plan. */
    List<Migration> ofEvacuation(UUID evacuation);

    /** Those of an evacuation that finished after the given place, in the order in which they finished. */
    List<Migration> finishedAfter(UUID evacuation, int order);

    /** All that are PLANNED or RUNNING, whoever asked for them, oldest first. */
    List<Migration> unfinished();

    /** The newest first, at most {@code limit}. */
    List<Migration> newest(int limit);
}
