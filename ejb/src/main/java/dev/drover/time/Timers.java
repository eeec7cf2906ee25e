package dev.drover.time;

import java.time.Clock;
import java.time.Duration;

/** A clock and the timers that go by it. Tasks run on the implementation's own threads and must not block. */
public interface Timers {

    Clock clock();

    /** Time since some fixed moment, for durations: it never jumps when somebody sets the clock. */
    Duration uptime();

    /** Runs {@code task} once, {@code delay} from now; a negative delay counts as zero. */
    Timer after(Duration delay, Runnable task);

    /** One scheduled task. */
    @FunctionalInterface
    interface Timer {

        /** Keeps the task from running unless it has begun; harmless when repeated. */
        void cancel();
    }
}
