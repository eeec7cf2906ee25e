package dev.drover.pool;

import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import java.util.concurrent.atomic.LongAdder;

/** Counts one host's events for its statistics. */
final class HostCounters implements PoolListener {

    private final LongAdder created = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder leaks = new LongAdder();
    private final LongAdder waits = new LongAdder();

    @Override
    public void opened(ConnectUri uri, Purpose purpose) {
        created.increment();
    }

    @Override
    public void openFailed(ConnectUri uri, Purpose purpose, Failure cause) {
        failures.increment();
    }

    @Override
    public void pingFailed(ConnectUri uri, Purpose purpose, Failure cause) {
        failures.increment();
    }

    @Override
    public void lost(ConnectUri uri, Purpose purpose, Failure cause) {
        failures.increment();
    }

    @Override
    public void leaked(Leak leak) {
        leaks.increment();
    }

    @Override
    public void waiting(ConnectUri uri, Purpose purpose) {
        waits.increment();
    }

    long created() {
        return created.sum();
    }

    long failures() {
        return failures.sum();
    }

    long leaks() {
        return leaks.sum();
    }

    long waits() {
        return waits.sum();
    }
}
