package dev.drover.pool;

import dev.drover.time.Timers;
import dev.drover.time.VirtualTimers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Virtual time for tests whose borrowers have threads of their own. */
final class TestTimers implements Timers {

    static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

    private final VirtualTimers timers = new VirtualTimers(START);

    @Override
    public Clock clock() {
        return timers.clock();
    }

    @Override
    public synchronized Duration uptime() {
        return timers.uptime();
    }

    @Override
    public synchronized Timer after(Duration delay, Runnable task) {
        Timer timer = timers.after(delay, task);
        return () -> cancel(timer);
    }

    private synchronized void cancel(Timer timer) {
        timer.cancel();
    }

    synchronized void advance(Duration duration) {
        timers.advance(duration);
    }

    /** Whether nothing is left to happen. */
    synchronized boolean isIdle() {
        return !timers.runUntil(() -> false);
    }
}
