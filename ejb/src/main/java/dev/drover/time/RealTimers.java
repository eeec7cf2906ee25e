package dev.drover.time;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Timers of the wall clock on an executor that somebody else owns and shuts down. */
public final class RealTimers implements Timers {

    private final ScheduledExecutorService executor;

    public RealTimers(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        var future = executor.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
