package dev.drover.hypervisor;

import java.time.Duration;

/**
 * How a connection is opened and kept.
 *
 * @param connectTimeout for the transport and the opening calls together
 * @param callDeadline how long a call that is no migration may take
 * @param keepaliveInterval between two pings on a silent connection; {@link Duration#ZERO} is off
 * @param keepaliveCount unanswered pings after which the connection is dead
 */
public record ConnectOptions(
        Duration connectTimeout, Duration callDeadline, Duration keepaliveInterval, int keepaliveCount) {

    /** Five seconds to connect, thirty a call, a ping each five seconds, dead after five. */
    public static ConnectOptions defaults() {
        return new ConnectOptions(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(5), 5);
    }
}
