package dev.drover.ownership;

import java.time.Duration;

/**
 * How long a server may be silent.
 *
 * @param lease how long a life stays the owner without a sign of it
 * @param heartbeat between two signs
 * @param margin how long before the lease's end a life stops acting: covers the way of a call to the hypervisor
 */
public record LeaseConfig(Duration lease, Duration heartbeat, Duration margin) {

    public LeaseConfig {
        if (heartbeat.isNegative() || heartbeat.isZero() || margin.isNegative()) {
            throw new IllegalArgumentException("heartbeat must be positive and margin not negative");
        }
        if (heartbeat.multipliedBy(2).plus(margin).compareTo(lease) > 0) {
            throw new IllegalArgumentException("lease " + lease + " is too short: at least two heartbeats of "
                    + heartbeat + " and the margin " + margin + " must fit in");
        }
    }

    /** 30 s, a sign each 5 s, the last 10 s unused. */
    public static LeaseConfig defaults() {
        return new LeaseConfig(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(10));
    }
}
