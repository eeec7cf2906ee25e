package dev.drover.startup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.migration.MigrationConfig;
import dev.drover.model.FailureException;
import dev.drover.ownership.LeaseConfig;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every setting's default and key. */
class CrashSettingsTest {

    @Test
    void defaultsStandWhereNothingIsSet() {
        assertEquals(LeaseConfig.defaults(), CrashSettings.lease(new Properties()));
        assertEquals(MigrationConfig.defaults(), CrashSettings.migration(new Properties()));
    }

    @Test
    void everyKeyIsRead() {
        Properties properties = new Properties();
        properties.setProperty("drover.lease", "PT6S");
        properties.setProperty("drover.keepalive", "PT7S");
        properties.setProperty("drover.drain", "PT8S");
        assertEquals(
                new LeaseConfig(Duration.ofSeconds(6), Duration.ofSeconds(1), Duration.ofSeconds(2)),
                CrashSettings.lease(properties));
        assertEquals(Duration.ofSeconds(7), CrashSettings.migration(properties).keepalive());
        assertEquals(Duration.ofSeconds(8), CrashSettings.migration(properties).drain());
    }

    @ParameterizedTest
    @CsvSource({"drover.lease, soon", "drover.lease, PT0S", "drover.lease, -PT5S"})
    void nonsenseIsRefusedByItsName(String key, String value) {
        Properties properties = new Properties();
        properties.setProperty(key, value);
        var refusal = assertThrows(FailureException.class, () -> CrashSettings.lease(properties));
        assertTrue(refusal.failure().message().startsWith(key + " = '" + value + "'"), refusal.failure()::message);
    }
}
