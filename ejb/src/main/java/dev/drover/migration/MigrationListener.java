package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.hypervisor.JobStats;
import dev.drover.model.Failure;

/**
 * Hears what happens to migrations. Called on the threads that do the work, after the journal has it; must not block.
 */
public interface MigrationListener {

    /** {@code now} has just been journalled; {@code before} is the state it came from. */
    void changed(MigrationState before, Migration now);

    /** New figures of a running migration. */
    void progressed(Migration migration, JobStats stats);

    /** A migration cannot go on by itself; it stays as it is until the cause is gone. */
    void alert(Migration migration, Failure why);

    /** A human has seen to a migration that needed help: nothing is left to alert of. On that human's thread; may wait. */
    void acknowledged(Migration migration, Actor by, String reason);
}
