package dev.drover.pool;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.time.Duration;

/**
 * The pool's bounds and times, refused at once when they make no sense. {@link Duration#ZERO} is "off" where said.
 *
 * @param controlMax connections a host for {@link Purpose#CONTROL}, 1 or more
 * @param workMax connections a host for {@link Purpose#WORK}, 1 or more
 * @param borrowWait how long a borrower waits for others; zero refuses at once
 * @param pingAfterIdle a connection idle for so long must answer a ping before it is lent; zero pings always
 * @param pingTimeout how long that ping may take
 * @param closeIdleAfter when an idle connection is closed; zero never
 * @param controlLeakAfter when a control lease counts as leaked; zero never
 * @param workLeakAfter when a work lease counts as leaked; zero never
 * @param backoff how long an unreachable host is left alone
 * @param sweepInterval between two looks for idle connections and leaks
 * @param drainWait how long the end of the application waits for connections to close
 * @param connect how connections are opened and kept
 */
public record PoolConfig(
        int controlMax,
        int workMax,
        Duration borrowWait,
        Duration pingAfterIdle,
        Duration pingTimeout,
        Duration closeIdleAfter,
        Duration controlLeakAfter,
        Duration workLeakAfter,
        Backoff backoff,
        Duration sweepInterval,
        Duration drainWait,
        ConnectOptions connect) {

    /** @throws FailureException {@code INVALID_ARGUMENT} that names the first value at fault */
    public PoolConfig {
        atLeastOne("control-max", controlMax);
        atLeastOne("work-max", workMax);
        zeroOrMore("borrow-wait", borrowWait);
        zeroOrMore("ping-after-idle", pingAfterIdle);
        positive("ping-timeout", pingTimeout);
        zeroOrMore("close-idle-after", closeIdleAfter);
        zeroOrMore("control-leak-after", controlLeakAfter);
        zeroOrMore("work-leak-after", workLeakAfter);
        positive("first-backoff", backoff.first());
        check("max-backoff", backoff.max(), backoff.max().compareTo(backoff.first()) >= 0, "first-backoff or more");
        positive("sweep-interval", sweepInterval);
        zeroOrMore("drain-wait", drainWait);
        positive("connect-timeout", connect.connectTimeout());
        positive("call-deadline", connect.callDeadline());
        zeroOrMore("keepalive-interval", connect.keepaliveInterval());
        atLeastOne("keepalive-count", connect.keepaliveCount());
    }

    /** 2 control and 8 work connections a host, 5 s to wait, back-off from 1 s to 30 s. */
    public static PoolConfig defaults() {
        return new PoolConfig(
                2,
                8,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofMinutes(5),
                Duration.ofMinutes(1),
                Duration.ofHours(6),
                new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30)),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5),
                ConnectOptions.defaults());
    }

    int max(Purpose purpose) {
        return switch (purpose) {
            case CONTROL -> controlMax;
            case WORK -> workMax;
        };
    }

    Duration leakAfter(Purpose purpose) {
        return switch (purpose) {
            case CONTROL -> controlLeakAfter;
            case WORK -> workLeakAfter;
        };
    }

    private static void atLeastOne(String key, int value) {
        check(key, value, value >= 1, "1 or more");
    }

    private static void positive(String key, Duration value) {
        check(key, value, !value.isNegative() && !value.isZero(), "longer than zero, as in PT5S");
    }

    private static void zeroOrMore(String key, Duration value) {
        check(key, value, !value.isNegative(), "zero or longer, as in PT5S");
    }

    private static void check(String key, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT,
                    PoolSettings.PREFIX + key + " = " + value + " is not valid; it must be " + expected);
        }
    }
}
