package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MigrationConfigTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void defaultsAreThoseOfTheDocumentation() {
        MigrationConfig config = MigrationConfig.defaults();
        assertEquals(4, config.outgoingPerHost());
        assertEquals(4, config.incomingPerHost());
        assertEquals(Duration.ofMillis(500), config.statsInterval());
        assertEquals(SECOND, config.firstLook());
        assertEquals(Duration.ofSeconds(30), config.longestLook());
    }

    @Test
    void timesThatMakeNoSenseAreRefused() {
        refused(Duration.ZERO, SECOND, SECOND);
        refused(SECOND.negated(), SECOND, SECOND);
        refused(SECOND, Duration.ZERO, SECOND);
        refused(SECOND, SECOND.multipliedBy(2), SECOND);
    }

    private static void refused(Duration statsInterval, Duration firstLook, Duration longestLook) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new MigrationConfig(
                        1,
                        1,
                        statsInterval,
                        firstLook,
                        longestLook,
                        Duration.ZERO,
                        Duration.ZERO,
                        MigrationLimits.defaults(),
                        ConvergenceSchedule.defaults()));
    }
}
