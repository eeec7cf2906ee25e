package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.LongValue;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The contract over TCP, and what only QEMU's own libvirt shows. */
class LibvirtDriverContractIT extends LibvirtLabContract {

    @Test
    void guestThatIsNotRunningIsRefusedByLibvirt() throws Exception {
        used = true;
        lab.define("h1", "offguest");
        Domain off = source.findDomain("offguest").orElseThrow();
        HypervisorException refused = assertThrows(
                HypervisorException.class,
                () -> source.migrate(
                        off.uuid(), destination, Set.of(MigrateFlag.LIVE), null, null, MigrateParams.none()));
        assertEquals(55, refused.failure().number());
        assertEquals(20, refused.domain());
    }

    @Test
    void postCopyWithoutLiveAndOfflineOfARunningGuestAreRefused() throws Exception {
        Domain guest = startGuest("flags");
        assertEquals(FailureCode.ARGUMENT_UNSUPPORTED, refusal(guest, Set.of(MigrateFlag.POSTCOPY)));
        assertEquals(
                FailureCode.OPERATION_INVALID, refusal(guest, Set.of(MigrateFlag.OFFLINE, MigrateFlag.PERSIST_DEST)));
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal(guest, Set.of(MigrateFlag.LIVE, MigrateFlag.TUNNELLED)));
        assertTrue(destination.domains().isEmpty());
    }

    private FailureCode refusal(Domain guest, Set<MigrateFlag> flags) {
        return assertThrows(
                        HypervisorException.class,
                        () -> source.startMigration(guest.uuid(), destination, flags, null, null, MigrateParams.none()))
                .failure()
                .code();
    }

    @Test
    void xenPortOfTheProposalNamesTheDataPort() throws Exception {
        Domain guest = startGuest("port");
        var job = source.startMigration(
                guest.uuid(),
                destination,
                Set.of(MigrateFlag.LIVE),
                null,
                null,
                params("XEN_PORT", new LongValue(49200)));
        assertTrue(await(job.result()).status().isRunning());
    }

    @Test
    void persistentGuestIsDefinedOnTheDestinationInstead() throws Exception {
        Domain guest = startGuest("kept");
        Domain moved = source.migrate(
                guest.uuid(),
                destination,
                Set.of(MigrateFlag.LIVE, MigrateFlag.PERSIST_DEST, MigrateFlag.UNDEFINE_SOURCE),
                null,
                null,
                MigrateParams.none());
        assertTrue(moved.persistent());
        lab.checkMemory(guest.name());
    }

    @Test
    void localhostAsDestinationIsRefused() throws Exception {
        Domain guest = startGuest("local");
        HypervisorException refused = assertThrows(
                HypervisorException.class,
                () -> PeerToPeer.of(
                        source.uri(),
                        ConnectUri.parse("qemu+tcp://localhost/system"),
                        Set.of(MigrateFlag.LIVE),
                        null,
                        null,
                        MigrateParams.none()));
        assertEquals(8, refused.failure().number());
        assertEquals(java.util.Optional.of(guest), source.findDomain(guest.uuid()));
    }
}
