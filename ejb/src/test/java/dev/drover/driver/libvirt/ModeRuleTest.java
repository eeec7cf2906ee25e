package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModeRuleTest {

    private static final Set<MigrateFlag> LIVE = Set.of(MigrateFlag.LIVE);

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "qemu+tcp://h2/system, PEER_TO_PEER",
        "qemu+tls://h2.example.org/system, PEER_TO_PEER",
        "qemu://h2/system, PEER_TO_PEER",
        "qemu:///system, MANAGED",
        "qemu+unix:///system?socket=/run/other/libvirt-sock, MANAGED",
        "qemu+tcp://localhost/system, MANAGED",
        "qemu+tcp://127.0.0.1:17002/system, MANAGED",
        "qemu+tcp://[::1]/system, MANAGED",
        "qemu+ssh://root@h2/system, MANAGED",
        "qemu+ssh://h2/system, MANAGED",
        "qemu+tcp://drover@h2/system, MANAGED",
        "qemu+tls://h2/system?pkipath=/etc/drover/pki, MANAGED",
        "qemu+tls://h2/system?authfile=/etc/drover/auth.conf, MANAGED",
        "xen+tcp://h2/system, PEER_TO_PEER",
        "xen+ssh://root@h2/system, PEER_TO_PEER",
    })
    void isPeerToPeerWhereTheSourceCanLogIn(String destination, MigrationMode mode) {
        assertEquals(mode, ModeRule.choose(Optional.empty(), ConnectUri.parse(destination), LIVE));
    }

    @Test
    void flagsOfPeerToPeerDecide() {
        ConnectUri local = ConnectUri.parse("qemu:///system");
        for (MigrateFlag flag : Set.of(MigrateFlag.PEER2PEER, MigrateFlag.TUNNELLED)) {
            assertEquals(
                    MigrationMode.PEER_TO_PEER,
                    ModeRule.choose(Optional.of(MigrationMode.MANAGED), local, Set.of(MigrateFlag.LIVE, flag)));
        }
    }

    @Test
    void operatorsDefaultGoesBeforeTheRule() {
        ConnectUri remote = ConnectUri.parse("qemu+tcp://h2/system");
        assertEquals(MigrationMode.MANAGED, ModeRule.choose(Optional.of(MigrationMode.MANAGED), remote, LIVE));
        ConnectUri xen = ConnectUri.parse("xen+tcp://h2/system");
        assertEquals(MigrationMode.MANAGED, ModeRule.choose(Optional.of(MigrationMode.MANAGED), xen, LIVE));
        ConnectUri local = ConnectUri.parse("qemu:///system");
        assertEquals(MigrationMode.PEER_TO_PEER, ModeRule.choose(Optional.of(MigrationMode.PEER_TO_PEER), local, LIVE));
    }

    @Test
    void settingIsAModeOrAuto() {
        assertEquals(Optional.empty(), MigrationMode.ofText("drover.migration.mode", null));
        assertEquals(Optional.empty(), MigrationMode.ofText("drover.migration.mode", "auto"));
        assertEquals(
                Optional.of(MigrationMode.PEER_TO_PEER), MigrationMode.ofText("drover.migration.mode", "peer-to-peer"));
        assertEquals(Optional.of(MigrationMode.MANAGED), MigrationMode.ofText("mode", "MANAGED"));
        FailureException refused = assertThrows(FailureException.class, () -> MigrationMode.ofText("mode", "direct"));
        assertEquals(8, refused.failure().number());
    }
}
