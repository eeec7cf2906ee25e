package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.LongValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsOnTheWireTest {

    @ParameterizedTest(name = "hostname {0}, XEN_PORT {1}: {2}")
    @CsvSource({
        ",,",
        "h2,, tcp://h2",
        "h2:49152,, tcp://h2:49152",
        "10.0.0.2,, tcp://10.0.0.2",
        "fd00::2,, tcp://[fd00::2]",
        "[fd00::2],, tcp://[fd00::2]",
        "[fd00::2]:49152,, tcp://[fd00::2]:49152",
        ", 8002, tcp://there:8002",
        "h2, 8002, tcp://h2:8002",
        "fd00::2, 8002, tcp://[fd00::2]:8002"
    })
    void hostnameAndPortBecomeTheDataUri(String hostname, Long port, String uri) {
        MigrateParams params = port == null
                ? MigrateParams.none()
                : MigrateParams.none().with(MigrateParam.XEN_PORT, new LongValue(port));
        MigrateParams wire = ArgumentsOnTheWire.of(() -> "there", null, hostname, params);
        assertEquals(uri, wire.string(MigrateParam.MIGRATE_URI).orElse(null));
        assertEquals(uri == null ? 0 : 1, wire.list().size());
    }

    @ParameterizedTest(name = "{0} Mbit/s are {1} MiB/s")
    @CsvSource({"1, 1", "8, 1", "9, 2", "100, 12", "1000, 120", "10000, 1193", "73786976294829, 8796093022207"})
    void megabitsAreRoundedUp(long megabits, long mebibytes) {
        MigrateParams params = MigrateParams.none().with(MigrateParam.XEN_RESOURCE, new LongValue(megabits));
        assertEquals(
                mebibytes,
                ArgumentsOnTheWire.of(() -> "there", null, null, params)
                        .number(MigrateParam.BANDWIDTH)
                        .orElseThrow());
    }

    @Test
    void noLimitIsLeftOut() {
        MigrateParams params = MigrateParams.none().with(MigrateParam.XEN_RESOURCE, new LongValue(0));
        assertEquals(MigrateParams.none(), ArgumentsOnTheWire.of(() -> "there", null, null, params));
    }
}
