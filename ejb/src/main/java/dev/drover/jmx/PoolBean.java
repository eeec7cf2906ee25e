package dev.drover.jmx;

import dev.drover.model.Failure;
import dev.drover.model.Host;
import dev.drover.pool.ConnectionPool;
import dev.drover.pool.HostPoolStatistics;
import java.time.Instant;

/** {@code drover:type=ConnectionPool,host=…}. */
final class PoolBean implements ConnectionPoolMXBean {

    private final Host host;
    private final ConnectionPool pool;

    PoolBean(Host host, ConnectionPool pool) {
        this.host = host;
        this.pool = pool;
    }

    private HostPoolStatistics now() {
        return pool.statistics(host.uri());
    }

    @Override
    public String getState() {
        return now().state().name();
    }

    @Override
    public int getActiveControl() {
        return now().control().active();
    }

    @Override
    public int getIdleControl() {
        return now().control().idle();
    }

    @Override
    public int getMaxControl() {
        return now().control().max();
    }

    @Override
    public int getActiveWork() {
        return now().work().active();
    }

    @Override
    public int getIdleWork() {
        return now().work().idle();
    }

    @Override
    public int getMaxWork() {
        return now().work().max();
    }

    @Override
    public long getCreated() {
        return now().created();
    }

    @Override
    public long getFailures() {
        return now().failures();
    }

    @Override
    public long getLeaks() {
        return now().leaks();
    }

    @Override
    public long getWaits() {
        return now().waits();
    }

    @Override
    public String getLastFailure() {
        return now().lastFailure().map(Failure::message).orElse("");
    }

    @Override
    public String getNextAttempt() {
        return now().nextAttempt().map(Instant::toString).orElse("");
    }
}
