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
 */
public record MigrationConfig(
        int outgoingPerHost, int incomingPerHost, Duration statsInterval, Duration firstLook, Duration longestLook) {

    public MigrationConfig {
        if (statsInterval.isNegative() || statsInterval.isZero()) {
            throw new IllegalArgumentException("statsInterval must be positive, but is " + statsInterval);
        }
        if (firstLook.isNegative() || firstLook.isZero() || longestLook.compareTo(firstLook) < 0) {
            throw new IllegalArgumentException("firstLook must be positive and at most longestLook");
        }
    }

    /** Four each way, a look each half second, 1 s to 30 s between looks at an unclear end. */
    public static MigrationConfig defaults() {
        return new MigrationConfig(4, 4, Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(30));
    }
}
