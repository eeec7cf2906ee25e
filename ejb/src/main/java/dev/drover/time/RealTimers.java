package dev.drover.time;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** Timers of the wall clock on an executor that somebody else owns and shuts down. */
public final class RealTimers implements Timers {

    private final ScheduledExecutorService executor;
    private final UnaryOperator<Runnable> context;

    /** @param context gives a task what it needs of its caller's surroundings when it runs on the executor's thread */
    public RealTimers(ScheduledExecutorService executor, UnaryOperator<Runnable> context) {
        this.executor = executor;
        this.context = context;
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
        var future = executor.schedule(context.apply(task), Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }
}
