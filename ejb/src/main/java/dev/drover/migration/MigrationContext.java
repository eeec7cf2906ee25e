package dev.drover.migration;

import dev.drover.ownership.Ownership;
import dev.drover.pool.ConnectionPool;
import dev.drover.time.Timers;
import java.time.Instant;
import java.util.concurrent.Executor;

/** What every migration needs to run. */
record MigrationContext(
        Journal journal,
        ConnectionPool pool,
        MigrationConfig config,
        MigrationListener listener,
        Ownership ownership,
        Timers timers,
        Executor executor) {

    Instant now() {
        return timers.clock().instant();
    }
}
