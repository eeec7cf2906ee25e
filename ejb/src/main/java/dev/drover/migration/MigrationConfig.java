package dev.drover.migration;

import java.time.Duration;

/**
 * How migrations are run.
 *
 * @param outgoingPerHost most at a time away from one host
 * @param incomingPerHost most at a time to one host
 * @param statsInterval between two looks at a migration's progress
 * @param firstLook how long to wait before looking again at a migration whose end is unclear; doubles each time
 * @param longestLook the most it grows to
 * @param keepalive how long a dead connection may pass for alive: no copy is woken sooner
 * @param drain how long the server's end waits for migrations that would not survive it
 * @param limits when one is given up
 * @param convergence what is done for a guest that is too busy
 */
public record MigrationConfig(
        int outgoingPerHost,
        int incomingPerHost,
        Duration statsInterval,
        Duration firstLook,
        Duration longestLook,
        Duration keepalive,
        Duration drain,
        MigrationLimits limits,
        ConvergenceSchedule convergence) {

    public MigrationConfig {
        if (statsInterval.isNegative() || statsInterval.isZero()) {
            throw new IllegalArgumentException("statsInterval must be positive, but is " + statsInterval);
        }
        if (firstLook.isNegative() || firstLook.isZero() || longestLook.compareTo(firstLook) < 0) {
            throw new IllegalArgumentException("firstLook must be positive and at most longestLook");
        }
        if (keepalive.isNegative() || drain.isNegative()) {
            throw new IllegalArgumentException("keepalive and drain must not be negative");
        }
    }

    /** Four each way, a look each half second, 1 s to 30 s between looks at an unclear end. */
    public static MigrationConfig defaults() {
        return new MigrationConfig(
                4,
                4,
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                MigrationLimits.defaults(),
                ConvergenceSchedule.defaults());
    }

    /** The wait after one of {@code wait}. */
    Duration longer(Duration wait) {
        Duration doubled = wait.multipliedBy(2);
        return doubled.compareTo(longestLook) > 0 ? longestLook : doubled;
    }
}
