package dev.drover.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Timers whose time moves only when told to, so that a run of hours takes milliseconds and replays exactly. Confined
 * to one thread: tasks run inside {@link #advance} and {@link #runUntil}, those of one instant in the order in which
 * they were set.
 */
public final class VirtualTimers implements Timers {

    private record Task(Instant at, long order, Runnable action) {}

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparing(Task::at).thenComparingLong(Task::order));
    private final Instant start;
    private Instant now;
    private long order;

    public VirtualTimers(Instant start) {
        this.start = start;
        this.now = start;
    }

    @Override
    public Clock clock() {
        InstantSource virtual = () -> now;
        return virtual.withZone(ZoneOffset.UTC);
    }

    @Override
    public Duration uptime() {
        return Duration.between(start, now);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        var entry = new Task(now.plus(delay.isNegative() ? Duration.ZERO : delay), order++, task);
        tasks.add(entry);
        return () -> tasks.remove(entry);
    }

    /** Moves time forward by {@code duration} and runs what falls due on the way. */
    public void advance(Duration duration) {
        Instant end = now.plus(duration);
        while (!tasks.isEmpty() && !tasks.element().at().isAfter(end)) {
            runNext();
        }
        now = end;
    }

    /**
     * Runs tasks, however far away, until {@code done}.
     *
     * @return false when no task was left before {@code done} came true: nothing would ever happen again
     */
    public boolean runUntil(BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            if (tasks.isEmpty()) {
                return false;
            }
            runNext();
        }
        return true;
    }

    private void runNext() {
        Task task = tasks.remove();
        now = task.at();
        task.action().run();
    }
}
