package dev.drover.pool;

import dev.drover.time.Timers;
import java.util.concurrent.Executor;

/** What all parts of a pool share. @param executor for what may block, so that timer and I/O threads never do */
record PoolContext(PoolConfig config, Timers timers, Executor executor, PoolListener listener) {

    PoolContext withListener(PoolListener other) {
        return new PoolContext(config, timers, executor, other);
    }
}
