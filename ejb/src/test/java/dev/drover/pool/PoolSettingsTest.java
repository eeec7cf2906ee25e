package dev.drover.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PoolSettingsTest {

    /** @param settings key, value, key, value, … without their prefix */
    static PoolConfig config(String... settings) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("drover.pool." + settings[i], settings[i + 1]);
        }
        return PoolSettings.read(properties);
    }

    // each key with its default, and another value that must arrive in the same place
    private static Stream<Arguments> keys() {
        return Stream.of(
                key("control-max", 2, "3", 3, PoolConfig::controlMax),
                key("work-max", 8, "9", 9, PoolConfig::workMax),
                key("borrow-wait", seconds(5), "PT0S", seconds(0), PoolConfig::borrowWait),
                key("ping-after-idle", seconds(5), "PT7S", seconds(7), PoolConfig::pingAfterIdle),
                key("ping-timeout", seconds(3), "PT1S", seconds(1), PoolConfig::pingTimeout),
                key("close-idle-after", seconds(300), "PT1M", seconds(60), PoolConfig::closeIdleAfter),
                key("control-leak-after", seconds(60), "PT2M", seconds(120), PoolConfig::controlLeakAfter),
                key("work-leak-after", seconds(6 * 3600), "PT1H", seconds(3600), PoolConfig::workLeakAfter),
                key("first-backoff", seconds(1), "PT2S", seconds(2), config -> config.backoff()
                        .first()),
                key("max-backoff", seconds(30), "PT1M", seconds(60), config -> config.backoff()
                        .max()),
                key("sweep-interval", seconds(10), "PT20S", seconds(20), PoolConfig::sweepInterval),
                key("drain-wait", seconds(5), "PT9S", seconds(9), PoolConfig::drainWait),
                key("connect-timeout", seconds(5), "PT6S", seconds(6), of(ConnectOptions::connectTimeout)),
                key("call-deadline", seconds(30), "PT31S", seconds(31), of(ConnectOptions::callDeadline)),
                key("keepalive-interval", seconds(5), "PT0S", seconds(0), of(ConnectOptions::keepaliveInterval)),
                key("keepalive-count", 5, "6", 6, of(ConnectOptions::keepaliveCount)));
    }

    private static Arguments key(
            String key, Object standard, String text, Object other, Function<PoolConfig, Object> value) {
        return Arguments.of(key, standard, text, other, value);
    }

    private static Function<PoolConfig, Object> of(Function<ConnectOptions, Object> value) {
        return config -> value.apply(config.connect());
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @ParameterizedTest(name = "{0} is {1}, or {3} when set to {2}")
    @MethodSource("keys")
    void eachKeyHasItsDefaultAndCanBeSet(
            String key, Object standard, String text, Object other, Function<PoolConfig, Object> value) {
        assertEquals(standard, value.apply(config()));
        assertEquals(other, value.apply(config(key, " " + text + " ")));
    }

    @Test
    void thoseAreAllKeys() {
        String message = refusal("nonsense", "1");
        String known = message.substring(message.indexOf('[') + 1, message.indexOf(']'));
        assertEquals(
                new TreeSet<>(keys().map(each -> each.get()[0]).toList()), new TreeSet<>(List.of(known.split(", "))));
    }

    @ParameterizedTest(name = "{0} = {1} is refused: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "control-max|0|1 or more",
                "work-max|-1|1 or more",
                "work-max|many|a whole number",
                "borrow-wait|PT-1S|zero or longer",
                "borrow-wait|5|an ISO-8601 duration",
                "ping-after-idle|PT-1S|zero or longer",
                "ping-timeout|PT0S|longer than zero",
                "close-idle-after|PT-1S|zero or longer",
                "control-leak-after|PT-1S|zero or longer",
                "work-leak-after|PT-1S|zero or longer",
                "first-backoff|PT0S|longer than zero",
                "max-backoff|PT0.5S|first-backoff or more",
                "sweep-interval|PT0S|longer than zero",
                "drain-wait|PT-1S|zero or longer",
                "connect-timeout|PT0S|longer than zero",
                "call-deadline|PT0S|longer than zero",
                "keepalive-interval|PT-1S|zero or longer",
                "keepalive-count|0|1 or more",
                "workmax|4|is no setting of the pool",
            })
    void whatMakesNoSenseIsRefusedByItsName(String key, String value, String reason) {
        String message = refusal(key, value);
        assertTrue(message.startsWith("drover.pool." + key), message);
        assertTrue(message.contains(reason), message);
    }

    @Test
    void settingsOfOthersAreNoneOfItsBusiness() {
        assertEquals(PoolConfig.defaults(), PoolSettings.read(Map.of("java.version", "17", "drover.port", "x")));
    }

    private static String refusal(String key, String value) {
        var refusal = assertThrows(FailureException.class, () -> config(key, value));
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal.failure().code());
        return refusal.failure().message();
    }
}
