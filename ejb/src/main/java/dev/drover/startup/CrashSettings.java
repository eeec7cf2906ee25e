package dev.drover.startup;

import dev.drover.migration.MigrationConfig;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.ownership.LeaseConfig;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Properties;

/**
 * The times that decide what a crash costs, from system properties; ISO-8601 durations, as in {@code PT30S}. {@code
 * drover.lease} is how long a silent server stays the owner (a third of it is the margin, a sixth the heartbeat), {@code
 * drover.drain} how long its end waits for migrations that would not outlive it, {@code drover.keepalive} how long a dead
 * connection may pass for alive.
 */
final class CrashSettings {

    private CrashSettings() {}

    static LeaseConfig lease(Properties properties) {
        Duration lease =
                duration(properties, "drover.lease", LeaseConfig.defaults().lease());
        return new LeaseConfig(lease, lease.dividedBy(6), lease.dividedBy(3));
    }

    static MigrationConfig migration(Properties properties) {
        MigrationConfig defaults = MigrationConfig.defaults();
        return new MigrationConfig(
                defaults.outgoingPerHost(),
                defaults.incomingPerHost(),
                defaults.statsInterval(),
                defaults.firstLook(),
                defaults.longestLook(),
                duration(properties, "drover.keepalive", defaults.keepalive()),
                duration(properties, "drover.drain", defaults.drain()),
                defaults.limits(),
                defaults.convergence());
    }

    private static Duration duration(Properties properties, String name, Duration otherwise) {
        String text = properties.getProperty(name);
        if (text == null) {
            return otherwise;
        }
        try {
            Duration duration = Duration.parse(text.strip());
            if (duration.isNegative() || duration.isZero()) {
                throw refused(name, text);
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw refused(name, text);
        }
    }

    private static FailureException refused(String name, String text) {
        return new FailureException(
                FailureCode.INVALID_ARGUMENT,
                name + " = '" + text + "' is not valid; it must be a positive ISO-8601 duration, as in PT30S");
    }
}
