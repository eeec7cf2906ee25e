package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.ArgumentCheck;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.MigrationLimit;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SupportTest {

    @ParameterizedTest(name = "{0} came with {1}")
    @CsvSource({
        "TLS, 3002000",
        "PARALLEL, 5002000",
        "NON_SHARED_SYNCHRONOUS_WRITES, 8000000",
        "POSTCOPY_RESUME, 8005000",
        "ZEROCOPY, 8005000"
    })
    void flagsComeWithTheirVersion(MigrateFlag flag, long since) {
        assertTrue(Support.of("QEMU", since).flags().contains(flag));
        assertFalse(Support.of("QEMU", since - 1).flags().contains(flag));
    }

    @ParameterizedTest(name = "{0} came with {1}")
    @CsvSource({
        "COMPRESSION_ZSTD_LEVEL, 9004000",
        "MIGRATE_DISKS_DETECT_ZEROES, 10009000",
        "BANDWIDTH_SWITCHOVER, 11001000",
        "MIGRATE_DISKS_TARGET_ZERO, 12002000"
    })
    void paramsComeWithTheirVersion(MigrateParam param, long since) {
        assertTrue(Support.of("QEMU", since).params().contains(param));
        assertFalse(Support.of("QEMU", since - 1).params().contains(param));
    }

    @Test
    void compressionMethodsComeWithTheirVersion() {
        assertEquals(Set.of("mt", "xbzrle"), Support.of("QEMU", 9_003_000).compressions());
        assertEquals(
                Set.of("mt", "xbzrle", "zlib", "zstd"),
                Support.of("QEMU", 9_004_000).compressions());
    }

    @Test
    void tooOldADaemonIsNamedAsTheReason() {
        var check = new ArgumentCheck(Support.of("QEMU", 5_000_000));
        String message = assertThrows(
                        HypervisorException.class,
                        () -> check.check(Set.of(MigrateFlag.PARALLEL), null, null, MigrateParams.none()))
                .failure()
                .message();
        assertTrue(message.contains("libvirt 5.0.0") && message.contains("came with libvirt 5.2.0"), message);
    }

    @Test
    void onXenAMigrationCanBeNeitherAbortedNorThrottled() {
        assertTrue(Support.of("Xen", 9_000_000)
                .limits()
                .containsAll(Set.of(MigrationLimit.NO_ABORT, MigrationLimit.NO_THROTTLE)));
        assertEquals(Set.of(), Support.of("QEMU", 9_000_000).limits());
    }

    @Test
    void copiesAreHeldWhereTheOperatorWantsItAndTheDaemonsEndPostCopyAlone() {
        assertTrue(Support.of("QEMU", 8_005_000, true).can(Verb.HELD_POST_COPY));
        assertFalse(Support.of("QEMU", 8_004_000, true).can(Verb.HELD_POST_COPY));
        assertFalse(Support.of("QEMU", 8_005_000).can(Verb.HELD_POST_COPY));
        assertFalse(Support.of("Xen", 9_000_000, true).can(Verb.HELD_POST_COPY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ESX", "OpenVZ", "Test", "bhyve", "LXC", "Hyper-V", "CH"})
    void otherHypervisorsTakeNothing(String type) {
        MigrationSupport support = Support.of(type, 12_000_000);
        assertTrue(support.flags().isEmpty()
                && support.params().isEmpty()
                && support.modes().isEmpty());
        assertFalse(support.can(Verb.RENAME));
    }
}
