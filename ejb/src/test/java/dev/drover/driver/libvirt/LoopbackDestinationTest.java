package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoopbackDestinationTest {

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({
        "qemu+tcp://h1/system, qemu+tcp://127.0.0.1/system",
        "qemu+tcp://h1/system, qemu+tcp://[::1]/system",
        "qemu+tcp://127.0.0.1:17001/system, qemu+tcp://localhost:17002/system",
        "qemu:///system, qemu+tcp://LOCALHOST.localdomain/system",
        "xen+tcp://h1/system, xen+tcp://localhost/system",
    })
    void sourceThatWouldReachItselfIsRefused(String source, String destination) {
        var refused = assertThrows(HypervisorException.class, () -> call(source, destination));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
        assertTrue(
                refused.failure().message().contains("would reach itself"),
                refused.failure().message());
    }

    @ParameterizedTest(name = "from {0} to {1}")
    @CsvSource({
        "xen+tcp://127.0.0.1:17001/system, xen+tcp://127.0.0.1:17002/system",
        "qemu:///system, qemu+tcp://127.0.0.1:16510/system",
    })
    void forwardedPortIsTakenWhereTheSourceHasTheSameLoopback(String source, String destination) {
        assertEquals(destination, call(source, destination).destination());
    }

    @Test
    void destinationWithoutAHostIsRefusedByTheArgumentsName() {
        var refused = assertThrows(
                HypervisorException.class,
                () -> call("qemu+tcp://h1/system", "qemu+unix:///system?socket=/run/h2.sock"));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
        assertTrue(
                refused.failure().message().startsWith("mode: PEER_TO_PEER"),
                refused.failure().message());
    }

    private static PeerToPeer call(String source, String destination) {
        return PeerToPeer.of(
                ConnectUri.parse(source),
                ConnectUri.parse(destination),
                Set.of(MigrateFlag.LIVE),
                null,
                null,
                MigrateParams.none());
    }

    @Test
    void hostIsKnownByItsUuidAndElseByItsName() {
        HostIdentity h1 = HostIdentity.of("<capabilities>\n <host>\n  <uuid>u-1</uuid>", "h1");
        assertEquals(Optional.of("u-1"), h1.uuid());
        assertTrue(h1.isSameAs(HostIdentity.of("<host><uuid>u-1</uuid></host>", "h1.example")));
        assertFalse(h1.isSameAs(HostIdentity.of("<host><uuid>u-2</uuid></host>", "h1")));
        HostIdentity xen = HostIdentity.of("<host><cpu/></host><guest><uuid>u-1</uuid></guest>", "xena");
        assertEquals(Optional.empty(), xen.uuid());
        assertTrue(xen.isSameAs(HostIdentity.of("<host><cpu/></host>", "XENA")));
        assertFalse(xen.isSameAs(HostIdentity.of("<host><cpu/></host>", "xenb")));
    }
}
