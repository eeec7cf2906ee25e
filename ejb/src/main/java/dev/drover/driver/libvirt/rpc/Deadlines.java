package dev.drover.driver.libvirt.rpc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * One alarm a connection in place of a timer a call: it rings at the earliest deadline among the calls under way. Calls
 * that are answered in time, nearly all, cost a comparison. Times are nanoseconds since this object was made.
 */
final class Deadlines {

    static final long NONE = Long.MAX_VALUE;

    private final AtomicLong alarm = new AtomicLong(NONE);
    private final LongSupplier clock;
    private final long origin;
    private final Timer timer;
    private final Sweep sweep;

    /** Runs a task once, later. */
    interface Timer {

        void schedule(Runnable task, long nanos);
    }

    /** Lets the calls that are due fail. */
    interface Sweep {

        /** @return the earliest deadline of the calls that go on, or {@link #NONE} */
        long expire(long now);
    }

    /** @param clock nanoseconds since some moment */
    Deadlines(LongSupplier clock, Timer timer, Sweep sweep) {
        this.clock = clock;
        this.origin = clock.getAsLong();
        this.timer = timer;
        this.sweep = sweep;
    }

    /** @param duration {@link Duration#ZERO} for none */
    long after(Duration duration) {
        return duration.isZero() ? NONE : now() + duration.toNanos();
    }

    /** Sees to it that a sweep comes at that time; the call must be where the sweep finds it already. */
    void watch(long deadline) {
        long set = alarm.get();
        while (deadline < set) {
            if (alarm.compareAndSet(set, deadline)) {
                timer.schedule(this::ring, deadline - now());
                return;
            }
            set = alarm.get();
        }
    }

    // unset before the sweep looks: a call that comes meanwhile is either seen by it or sets the alarm itself
    private void ring() {
        alarm.set(NONE);
        watch(sweep.expire(now()));
    }

    private long now() {
        return clock.getAsLong() - origin;
    }
}
