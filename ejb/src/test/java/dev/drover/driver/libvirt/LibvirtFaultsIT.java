package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.hypervisor.MigrationPhase;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens when a part of it dies during a migration: real daemons, real QEMU, each fault in each mode. */
class LibvirtFaultsIT extends LibvirtLab {

    private static final MigrateParams NONE = MigrateParams.none();

    @ParameterizedTest
    @EnumSource
    void destinationDaemonDies(MigrationMode mode) throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "destdaemon");
            lab.rate("2mbit");
            MigrationJob job = start(from, guest, to, LIVE, NONE, mode);
            awaitCopy(job);
            lab.killDaemon("h2");
            HypervisorException why = failure(job);
            if (mode == MigrationMode.PEER_TO_PEER) {
                assertEquals(1, why.failure().number(), why::getMessage);
                assertEquals(7, why.domain());
            } else {
                assertEquals(FailureCode.RPC_ERROR, why.failure().code(), why::getMessage);
                assertTrue(why.failure().message().contains(to.uri().toString()), why::getMessage);
            }
            lab.startDaemon("h2");
            await("the source has got over it", () -> settled(from, guest));
            assertRunsOn(guest, "h1");
            try (HypervisorConnection again = open("h2")) {
                await("the destination has cleaned up", () -> inactive(again, guest));
            }
            lab.checkMemory(guest.name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void sourceDaemonDies(MigrationMode mode) throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "srcdaemon");
            lab.rate("2mbit");
            MigrationJob job = start(from, guest, to, LIVE, NONE, mode);
            awaitCopy(job);
            lab.killDaemon("h1");
            HypervisorException why = failure(job);
            assertFalse(why.isAnswer());
            assertEquals(39, why.failure().number(), why::getMessage);
            assertEquals(0, why.domain());
            lab.startDaemon("h1");
            try (HypervisorConnection again = open("h1")) {
                await("the source runs it again", () -> settled(again, guest));
                await("the destination has cleaned up", () -> inactive(to, guest));
                assertTrue(again.findMigration(guest.uuid(), to).isEmpty());
            }
            assertRunsOn(guest, "h1");
            lab.checkMemory(guest.name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void destinationQemuDies(MigrationMode mode) throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "destqemu");
            lab.rate("2mbit");
            MigrationJob job = start(from, guest, to, LIVE, NONE, mode);
            awaitCopy(job);
            lab.killQemu("h2", guest.name());
            HypervisorException why = failure(job);
            assertTrue(Set.of(1, 9).contains(why.failure().number()), why::getMessage);
            await("the source has got over it", () -> settled(from, guest));
            assertRunsOn(guest, "h1");
            lab.checkMemory(guest.name());
        }
    }

    @ParameterizedTest
    @EnumSource
    void sourceQemuDies(MigrationMode mode) throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "srcqemu");
            lab.rate("2mbit");
            MigrationJob job = start(from, guest, to, LIVE, NONE, mode);
            awaitCopy(job);
            lab.killQemu("h1", guest.name());
            HypervisorException why = failure(job);
            assertEquals(9, why.failure().number(), why::getMessage);
            await("both hosts have noticed", () -> inactive(from, guest) && inactive(to, guest));
        }
    }

    /** libvirt's own client stays blocked for as long as the link is down; see LIBVIRT.md. */
    @Test
    void lostDestinationDoesNotBlockAManagedMigration() throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "cut");
            lab.rate("2mbit");
            MigrationJob job = start(from, guest, to, LIVE, NONE, MigrationMode.MANAGED);
            awaitCopy(job);
            long cut = System.nanoTime();
            lab.link("h2", false);
            try {
                HypervisorException why = failure(job);
                Duration blocked = Duration.ofNanos(System.nanoTime() - cut);
                assertEquals(FailureCode.RPC_ERROR, why.failure().code(), why::getMessage);
                assertTrue(blocked.compareTo(Duration.ofSeconds(30)) < 0, () -> "blocked for " + blocked);
                await("the source has got over it", () -> settled(from, guest));
                // the other host cannot be asked, and was never told to let it run
                assertTrue(lab.running("h1").contains(guest.name()));
            } finally {
                lab.link("h2", true);
            }
            try (HypervisorConnection again = open("h2")) {
                await("the destination has cleaned up", () -> inactive(again, guest));
            }
            assertRunsOn(guest, "h1");
            lab.checkMemory(guest.name());
        }
    }

    /** The connection that has the copy made is held for the case of its client's death, and asks for no sign of life. */
    @Test
    void destinationThatHangsWhileItMakesItsCopyDoesNotBlockAMigrationThatMaySwitch() throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "hung");
            Set<MigrateFlag> flags = Set.of(MigrateFlag.LIVE, MigrateFlag.POSTCOPY);
            MigrationJob job = start(from, guest, to, flags, NONE, MigrationMode.MANAGED);
            on(MigrationPhase.PREPARE, job, () -> lab.signalDaemon("h2", "STOP"));
            try {
                assertEquals(FailureCode.RPC_ERROR, failure(job).failure().code());
                await("the source has got over it", () -> settled(from, guest));
            } finally {
                lab.signalDaemon("h2", "CONT");
            }
            try (HypervisorConnection again = open("h2")) {
                await("the destination has cleaned up", () -> inactive(again, guest));
                assertFalse(again.holdsCopy(guest.uuid()));
            }
            assertRunsOn(guest, "h1");
            lab.checkMemory(guest.name());
        }
    }

    /** Where libvirt's own client lets the source go on, and so may run the guest twice. */
    @Test
    void lostAnswerToFinishLeavesTheSourceStandingStill() throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "unknown");
            MigrationJob job = start(from, guest, to, LIVE, NONE, MigrationMode.MANAGED);
            on(MigrationPhase.FINISH, job, () -> lab.killDaemon("h2"));
            HypervisorException why = failure(job);
            lab.startDaemon("h2");

            assertEquals(FailureCode.OUTCOME_UNKNOWN, why.failure().code(), why::getMessage);
            DomainStatus left = from.findDomain(guest.uuid()).orElseThrow().status();
            assertEquals(new DomainStatus(DomainState.PAUSED, DomainStatus.PAUSED_MIGRATION), left);
            assertTrue(from.findMigration(guest.uuid(), to).isEmpty(), "no job keeps others away from it");
            try (HypervisorConnection again = open("h2")) {
                await(
                        "the destination has settled",
                        () -> inactive(again, guest)
                                || again.findDomain(guest.uuid())
                                        .orElseThrow()
                                        .status()
                                        .isRunning());
                if (inactive(again, guest)) {
                    from.resumeDomain(guest.uuid());
                    assertRunsOn(guest, "h1");
                    lab.checkMemory(guest.name());
                } else {
                    assertRunsOn(guest, "h2");
                }
            }
        }
    }

    @Test
    void sourceThatDoesNotConfirmStandsStillWhileTheDestinationRuns() throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "unconfirmed");
            MigrationJob job = start(from, guest, to, LIVE, NONE, MigrationMode.MANAGED);
            on(MigrationPhase.CONFIRM, job, () -> lab.killDaemon("h1"));
            assertEquals(FailureCode.OUTCOME_UNKNOWN, failure(job).failure().code());
            lab.startDaemon("h1");
            assertRunsOn(guest, "h2");
            try (HypervisorConnection again = open("h1")) {
                assertEquals(
                        DomainState.PAUSED,
                        again.findDomain(guest.uuid()).orElseThrow().status().state());
                again.destroyDomain(guest.uuid());
            }
            lab.checkMemory(guest.name());
        }
    }

    private interface Fault {
        void happen() throws IOException, InterruptedException;
    }

    private static void on(MigrationPhase wanted, MigrationJob job, Fault fault) {
        job.onPhase(phase -> {
            if (phase == wanted) {
                try {
                    fault.happen();
                } catch (IOException | InterruptedException e) {
                    throw new CompletionException(e);
                }
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void guestThatItsUserSuspendsDuringTheCopyRunsAgainThere(MigrationMode mode) throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "wish");
            lab.rate("20mbit");
            MigrationJob job = start(from, guest, to, LIVE, NONE, mode);
            awaitCopy(job);
            from.suspendDomain(guest.uuid());
            // libvirt forgets the wish: whoever runs migrations has to remember it
            assertTrue(moved(job).status().isRunning());
            assertRunsOn(guest, "h2");
        }
    }

    @Test
    void destinationKnowsNoOutgoingMigrationAndAbortWithoutAJobIsRefused() throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "asked");
            lab.rate("20mbit");
            MigrationJob job = start(from, guest, to, LIVE, NONE, MigrationMode.PEER_TO_PEER);
            awaitCopy(job);
            assertTrue(to.findMigration(guest.uuid(), from).isEmpty());
            job.abort().toCompletableFuture().join();
            assertEquals(78, failure(job).failure().number());
            CompletionException idle = Assertions.assertThrows(
                    CompletionException.class,
                    () -> job.abort().toCompletableFuture().join());
            assertEquals(55, refusedWith(idle));
            assertRunsOn(guest, "h1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void definitionOfAGuestThatDoesNotRunIsCopied(MigrationMode mode) throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            String name = "off" + mode.ordinal();
            lab.define("h1", name);
            Domain off = from.findDomain(name).orElseThrow();
            Domain there = moved(start(
                    from,
                    off,
                    to,
                    Set.of(MigrateFlag.OFFLINE, MigrateFlag.PERSIST_DEST, MigrateFlag.UNDEFINE_SOURCE),
                    NONE,
                    mode));
            assertEquals(DomainState.SHUTOFF, there.status().state());
            assertTrue(there.persistent());
            assertTrue(from.findDomain(off.uuid()).isEmpty(), "its definition stayed");
        }
    }

    @Test
    void tunnelledMigrationIsPeerToPeer() throws Exception {
        try (HypervisorConnection from = open("h1");
                HypervisorConnection to = open("h2")) {
            Domain guest = startGuest(from, "tunnel");
            Set<MigrateFlag> flags = Set.of(MigrateFlag.LIVE, MigrateFlag.PEER2PEER, MigrateFlag.TUNNELLED);
            assertTrue(moved(start(from, guest, to, flags, NONE, from.mode(to, flags)))
                    .status()
                    .isRunning());
            assertRunsOn(guest, "h2");
            lab.checkMemory(guest.name());
        }
    }

    private static boolean inactive(HypervisorConnection host, Domain guest) {
        return host.findDomain(guest.uuid())
                .filter(there -> there.status().isActive())
                .isEmpty();
    }

    private static boolean settled(HypervisorConnection host, Domain guest) {
        return host.findDomain(guest.uuid())
                .filter(there -> there.status().isRunning())
                .isPresent();
    }
}
