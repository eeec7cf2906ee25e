package dev.drover.pool;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads a {@link PoolConfig} from settings named {@code drover.pool.…}; durations in ISO-8601, as in {@code PT5S}.
 * What is not set keeps its default; a name that does not exist is refused, for it is a slip of the pen.
 */
final class PoolSettings {

    static final String PREFIX = "drover.pool.";

    private final Map<String, String> settings;
    private final Set<String> known = new HashSet<>();

    private PoolSettings(Map<String, String> settings) {
        this.settings = settings;
    }

    /**
     * @param properties may hold others' settings too
     * @throws FailureException {@code INVALID_ARGUMENT} that names the setting at fault
     */
    static PoolConfig read(Map<String, String> properties) {
        Map<String, String> ours = properties.entrySet().stream()
                .filter(property -> property.getKey().startsWith(PREFIX))
                .collect(Collectors.toMap(
                        property -> property.getKey().substring(PREFIX.length()), Map.Entry::getValue));
        return new PoolSettings(ours).read(PoolConfig.defaults());
    }

    private PoolConfig read(PoolConfig defaults) {
        ConnectOptions connect = defaults.connect();
        var config = new PoolConfig(
                number("control-max", defaults.controlMax()),
                number("work-max", defaults.workMax()),
                duration("borrow-wait", defaults.borrowWait()),
                duration("ping-after-idle", defaults.pingAfterIdle()),
                duration("ping-timeout", defaults.pingTimeout()),
                duration("close-idle-after", defaults.closeIdleAfter()),
                duration("control-leak-after", defaults.controlLeakAfter()),
                duration("work-leak-after", defaults.workLeakAfter()),
                new Backoff(
                        duration("first-backoff", defaults.backoff().first()),
                        duration("max-backoff", defaults.backoff().max())),
                duration("sweep-interval", defaults.sweepInterval()),
                duration("drain-wait", defaults.drainWait()),
                new ConnectOptions(
                        duration("connect-timeout", connect.connectTimeout()),
                        duration("call-deadline", connect.callDeadline()),
                        duration("keepalive-interval", connect.keepaliveInterval()),
                        number("keepalive-count", connect.keepaliveCount())));
        refuseUnknown();
        return config;
    }

    private int number(String key, int otherwise) {
        return value(key, Integer::valueOf, otherwise, "a whole number");
    }

    private Duration duration(String key, Duration otherwise) {
        return value(key, Duration::parse, otherwise, "an ISO-8601 duration, as in PT5S");
    }

    private <T> T value(String key, Function<String, T> parse, T otherwise, String expected) {
        known.add(key);
        String text = settings.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            return parse.apply(text.strip());
        } catch (NumberFormatException | DateTimeParseException e) {
            throw refused(PREFIX + key + " = '" + text + "' is not valid; it must be " + expected);
        }
    }

    private void refuseUnknown() {
        Set<String> unknown = new TreeSet<>(settings.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw refused(PREFIX + unknown.iterator().next() + " is no setting of the pool; known after " + PREFIX
                    + " are " + new TreeSet<>(known));
        }
    }

    private static FailureException refused(String message) {
        return new FailureException(FailureCode.INVALID_ARGUMENT, message);
    }
}
