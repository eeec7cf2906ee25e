package dev.drover.driver.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.driver.simulated.SimulatedMigration.Phase;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.ConnectUri;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The simulated hosts are left in the states in which real ones were found, row by row. */
class SimulatedFaultsTest {

    private static final double MIB = 1024.0 * 1024.0;
    private static final UUID GUEST = new UUID(0, 1);

    private final VirtualTimers timers = new VirtualTimers(Instant.EPOCH);
    private final SimulatedFleet fleet = new SimulatedFleet(
            timers,
            List.of(new SimulatedHost("a", 8, 4096, 64 * MIB), new SimulatedHost("b", 8, 4096, 64 * MIB)),
            List.of(new SimulatedDomain(GUEST, "guest", "a", DomainStatus.running(), 256, 1, 4 * MIB, 32 * MIB)));
    private final SimulatedFaults faults = fleet.faults();
    private final SimulatedDriver client = new SimulatedDriver(fleet);
    private final HypervisorConnection a = open("a");
    private final HypervisorConnection b = open("b");

    private HypervisorConnection open(String host) {
        return client.open(ConnectUri.parse("sim://" + host), ConnectOptions.defaults());
    }

    private MigrationJob start(MigrationMode mode, MigrateFlag... more) {
        Set<MigrateFlag> flags = new java.util.TreeSet<>(Set.of(more));
        flags.add(MigrateFlag.LIVE);
        return a.startMigration(GUEST, b, flags, null, null, MigrateParams.none(), mode);
    }

    private void await(Phase phase) {
        assertTrue(timers.runUntil(() -> fleet.outgoing("a", GUEST)
                .filter(migration -> migration.phase() == phase)
                .isPresent()));
    }

    private String copy(String host) {
        return fleet.copies().stream()
                .filter(copy -> copy.host().equals(host))
                .findFirst()
                .map(copy -> copy.status().state() + "/" + copy.status().reason())
                .orElse("absent");
    }

    private boolean hasJob() {
        return fleet.outgoing("a", GUEST).isPresent();
    }

    @ParameterizedTest(name = "managed, client killed in {0}: source {1}, destination {2}")
    @CsvSource({
        "BEGIN, RUNNING/1, absent",
        "PREPARE, RUNNING/1, absent",
        "PERFORM, RUNNING/1, absent",
        "SWITCHOVER, RUNNING/6, absent",
        "FINISH, PAUSED/2, absent",
        "CONFIRM, PAUSED/2, RUNNING/2",
    })
    void managedClientKilled(Phase phase, String source, String destination) {
        start(MigrationMode.MANAGED);
        await(phase);
        faults.killClient(client);
        timers.advance(Duration.ofMinutes(1));
        assertEquals(source, copy("a"));
        assertEquals(destination, copy("b"));
        assertFalse(hasJob());
    }

    @ParameterizedTest
    @CsvSource({"BEGIN", "PREPARE", "PERFORM", "SWITCHOVER", "FINISH", "CONFIRM"})
    void peerToPeerGoesOnWhenItsClientIsKilledAndIsSeenByTheNext(Phase phase) {
        start(MigrationMode.PEER_TO_PEER);
        await(phase);
        faults.killClient(client);
        assertTrue(open("a").findMigration(GUEST, open("b")).isPresent());
        timers.advance(Duration.ofMinutes(1));
        assertEquals("absent", copy("a"));
        assertEquals("RUNNING/2", copy("b"));
    }

    @Test
    void sourceDaemonKilledLeavesTheGuestThereAndNoJob() {
        MigrationJob job = start(MigrationMode.PEER_TO_PEER);
        await(Phase.PERFORM);
        faults.killDaemon("a");
        assertEquals(FailureCode.SYSTEM_ERROR, failureOf(job));
        faults.restoreDaemon("a");
        timers.advance(Duration.ofMinutes(1));
        assertEquals("RUNNING/1", copy("a"));
        assertEquals("absent", copy("b"));
    }

    @Test
    void sourceDaemonTerminatedLetsTheMigrationFinishWhileItsClientSeesAFailure() {
        MigrationJob job = start(MigrationMode.PEER_TO_PEER);
        await(Phase.PERFORM);
        faults.terminateDaemon("a");
        assertEquals(FailureCode.SYSTEM_ERROR, failureOf(job));
        timers.advance(Duration.ofMinutes(1));
        assertEquals("absent", copy("a"));
        assertEquals("RUNNING/2", copy("b"));
        assertThrows(HypervisorException.class, () -> open("a"));
        faults.restoreDaemon("a");
        open("a").ping();
    }

    @Test
    void destinationDaemonKilledFailsTheCallAndTheGuestStays() {
        MigrationJob job = start(MigrationMode.PEER_TO_PEER);
        await(Phase.PERFORM);
        faults.killDaemon("b");
        assertEquals(FailureCode.HYPERVISOR_ERROR, failureOf(job));
        assertEquals("RUNNING/1", copy("a"));
        assertEquals("absent", copy("b"));
    }

    @Test
    void linkCutFailsAfterTheKeepaliveAndNotBefore() {
        MigrationJob job = start(MigrationMode.PEER_TO_PEER);
        await(Phase.PERFORM);
        faults.cutLink("b");
        timers.advance(Duration.ofSeconds(28));
        assertFalse(job.result().toCompletableFuture().isDone());
        timers.advance(Duration.ofSeconds(2));
        assertEquals(FailureCode.HYPERVISOR_ERROR, failureOf(job));
        assertEquals("RUNNING/1", copy("a"));
    }

    @Test
    void shortCutOnlyDelays() {
        MigrationJob job = start(MigrationMode.PEER_TO_PEER);
        await(Phase.PERFORM);
        faults.cutLink("b");
        timers.advance(Duration.ofSeconds(1));
        faults.mendLink("b");
        assertTrue(timers.runUntil(() -> job.result().toCompletableFuture().isDone()));
        assertEquals(GUEST, job.result().toCompletableFuture().join().uuid());
    }

    @Test
    void linkCutBetweenFinishAndConfirmLeavesBothCopies() {
        start(MigrationMode.PEER_TO_PEER);
        await(Phase.CONFIRM);
        faults.cutLink("a");
        timers.advance(Duration.ofMinutes(1));
        assertEquals("PAUSED/2", copy("a"));
        assertEquals("RUNNING/2", copy("b"));
        assertFalse(hasJob());
    }

    @Test
    void destinationWithoutMemoryRefusesAndTheGuestStays() {
        MigrationJob job = start(MigrationMode.PEER_TO_PEER);
        faults.fillMemory("b", true);
        timers.advance(Duration.ofSeconds(1));
        assertEquals(FailureCode.HYPERVISOR_ERROR, failureOf(job));
        assertEquals("RUNNING/1", copy("a"));
        assertEquals("absent", copy("b"));
    }

    @Test
    void qemuKilledOnTheSourceEndsTheGuest() {
        MigrationJob job = start(MigrationMode.PEER_TO_PEER);
        await(Phase.PERFORM);
        faults.killQemu("a", GUEST);
        assertEquals(FailureCode.OPERATION_FAILED, failureOf(job));
        assertEquals("absent", copy("a"));
        assertEquals("absent", copy("b"));
    }

    @Test
    void qemuKilledOnTheDestinationLeavesTheGuestOnTheSource() {
        MigrationJob job = start(MigrationMode.PEER_TO_PEER);
        await(Phase.SWITCHOVER);
        faults.killQemu("b", GUEST);
        assertEquals(FailureCode.HYPERVISOR_ERROR, failureOf(job));
        assertEquals("RUNNING/6", copy("a"));
    }

    @Test
    void postCopyThatLosesItsLinkLeavesTwoHalves() {
        MigrationJob job = start(MigrationMode.PEER_TO_PEER, MigrateFlag.POSTCOPY);
        await(Phase.PERFORM);
        job.startPostCopy().toCompletableFuture().join();
        await(Phase.POST_COPY);
        assertEquals("PAUSED/12", copy("a"));
        assertEquals("RUNNING/10", copy("b"));
        faults.cutLink("b");
        timers.advance(Duration.ofSeconds(30));
        assertEquals("PAUSED/13", copy("a"));
        assertEquals("RUNNING/10", copy("b"));
        assertFalse(hasJob());
    }

    @Test
    void guestThatItsUserSuspendsOnTheWayRunsAgainAndOneThatWasSuspendedBeforeDoesNot() {
        start(MigrationMode.PEER_TO_PEER);
        await(Phase.PERFORM);
        faults.suspend("a", GUEST);
        assertEquals("PAUSED/1", copy("a"));
        timers.advance(Duration.ofMinutes(1));
        assertEquals("RUNNING/2", copy("b"));

        faults.suspend("b", GUEST);
        b.startMigration(GUEST, a, Set.of(MigrateFlag.LIVE), null, null, MigrateParams.none());
        timers.advance(Duration.ofMinutes(1));
        assertEquals("PAUSED/1", copy("a"));
    }

    @Test
    void resumeOnTheSourceAfterACrashMakesTwoRunningCopiesForNobodyProtects() {
        start(MigrationMode.MANAGED);
        await(Phase.CONFIRM);
        faults.killClient(client);
        open("a").resumeDomain(GUEST);
        assertEquals("RUNNING/5", copy("a"));
        assertEquals("RUNNING/2", copy("b"));
    }

    @Test
    void definitionMovesAsAskedAndLeavesNothing() {
        fleet.add(new SimulatedDomain(
                new UUID(0, 2), "kept", "a", DomainStatus.running(), 256, 1, 4 * MIB, 32 * MIB, true));
        a.startMigration(
                new UUID(0, 2),
                b,
                Set.of(MigrateFlag.LIVE, MigrateFlag.PERSIST_DEST, MigrateFlag.UNDEFINE_SOURCE),
                null,
                null,
                MigrateParams.none());
        timers.advance(Duration.ofMinutes(1));
        assertEquals(Optional.empty(), a.findDomain(new UUID(0, 2)));
        assertTrue(b.findDomain(new UUID(0, 2)).orElseThrow().persistent());
    }

    @Test
    void definitionThatIsNotUndefinedStaysOff() {
        fleet.add(new SimulatedDomain(
                new UUID(0, 2), "kept", "a", DomainStatus.running(), 256, 1, 4 * MIB, 32 * MIB, true));
        a.startMigration(new UUID(0, 2), b, Set.of(MigrateFlag.LIVE), null, null, MigrateParams.none());
        timers.advance(Duration.ofMinutes(1));
        DomainStatus left = a.findDomain(new UUID(0, 2)).orElseThrow().status();
        assertEquals(new DomainStatus(DomainState.SHUTOFF, DomainStatus.SHUTOFF_MIGRATED), left);
    }

    @Test
    void hungDaemonAnswersNothingAndItsConnectionsDieOfKeepalive() {
        faults.hangDaemon("a");
        assertEquals(
                FailureCode.OPERATION_TIMEOUT,
                assertThrows(HypervisorException.class, a::domains).failure().code());
        timers.advance(Duration.ofSeconds(24));
        assertTrue(a.isOpen());
        timers.advance(Duration.ofSeconds(2));
        assertFalse(a.isOpen());
        faults.restoreDaemon("a");
        open("a").ping();
    }

    private static FailureCode failureOf(MigrationJob job) {
        assertTrue(job.result().toCompletableFuture().isDone(), "it has not ended");
        return job.result()
                .handle((domain, error) -> FailureException.failureOf(error).code())
                .toCompletableFuture()
                .join();
    }
}
