package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.audit.Actor;
import dev.drover.audit.Surface;
import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.driver.simulated.SimulatedFleet;
import dev.drover.driver.simulated.SimulatedHost;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.memory.InMemoryDatabase;
import dev.drover.memory.ServerInMemory;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a migration whose stream breaks in post-copy, in virtual time. */
class PostCopyRecoveryTest {

    private static final Instant START = Instant.parse("2026-11-26T00:00:00Z");
    private static final double MIB = 1024.0 * 1024.0;
    private static final UUID GUEST = new UUID(7, 7);
    private static final Actor OPERATOR = new Actor("test", Surface.REST);

    private final VirtualTimers time = new VirtualTimers(START);
    private final InMemoryDatabase database = new InMemoryDatabase(time);
    private final SimulatedFleet fleet = new SimulatedFleet(
            time,
            List.of(new SimulatedHost("a", 8, 65536, 100 * MIB), new SimulatedHost("b", 8, 65536, 100 * MIB)),
            List.of(new SimulatedDomain(GUEST, "web", "a", DomainStatus.running(), 8192, 1, MIB, 10 * MIB)));

    private ServerInMemory server() {
        return new ServerInMemory("n1", time, fleet, database).begin(true);
    }

    private Migration brokenOff(ServerInMemory server, MigrationMode mode) {
        MigrateArguments live = MigrateArguments.live();
        Migration migration = Migration.planned(
                null,
                0,
                new Domain(GUEST, "web", DomainStatus.running(), 8192, 1, false),
                new Migration.Route("a", ConnectUri.parse("sim://a"), "b", ConnectUri.parse("sim://b")),
                new MigrateArguments(
                        Set.of(MigrateFlag.LIVE, MigrateFlag.POSTCOPY),
                        live.dname(),
                        live.hostname(),
                        live.params(),
                        mode),
                null,
                START);
        server.migrations().submit(List.of(migration), OPERATOR);
        time.advance(Duration.ofSeconds(3));
        server.migrations().startPostCopy(server.journal().find(migration.id()).orElseThrow(), OPERATOR);
        time.advance(Duration.ofSeconds(2));
        breakOff();
        return migration;
    }

    private void breakOff() {
        assertTrue(fleet.faults().breakPostCopy("a", GUEST), "is not in post-copy");
    }

    private void awaitCompleted(ServerInMemory server, Migration migration) {
        assertTrue(time.runUntil(() -> state(server, migration) == MigrationState.COMPLETED));
        List<SimulatedDomain> active =
                fleet.copies().stream().filter(copy -> copy.status().isActive()).toList();
        assertEquals(List.of("b"), active.stream().map(SimulatedDomain::host).toList());
    }

    private static MigrationState state(ServerInMemory server, Migration migration) {
        return server.journal().find(migration.id()).orElseThrow().state();
    }

    private static List<String> recoveries(ServerInMemory server, Migration migration) {
        return server.steps(migration).stream()
                .filter(step -> step.startsWith("RECOVER_POST_COPY") && !step.contains("next"))
                .toList();
    }

    /** It stood still until a human came, though the hypervisor can go on with it. */
    @ParameterizedTest
    @EnumSource
    void goesOnWhereItStoppedAndTellsOfItMeanwhile(MigrationMode mode) {
        ServerInMemory server = server();
        Migration migration = brokenOff(server, mode);
        time.advance(Duration.ofSeconds(1));
        assertEquals(
                List.of(FailureCode.OUTCOME_UNKNOWN),
                server.alerts().stream()
                        .map(failure -> failure.code())
                        .distinct()
                        .toList());
        awaitCompleted(server, migration);
        assertEquals(List.of("RECOVER_POST_COPY done"), recoveries(server, migration));
    }

    /** Somebody must be told why it does not get on, and that waiting alone may not help. */
    @Test
    void goesOnAgainWhenRecoveriesBreakTooAndTellsWhy() {
        ServerInMemory server = server();
        Migration migration = brokenOff(server, MigrationMode.PEER_TO_PEER);
        for (int broken = 1; broken <= 3; broken++) {
            awaitRecovery(server, migration, broken);
            time.advance(Duration.ofMillis(500));
            breakOff();
            time.advance(Duration.ofSeconds(1));
            Failure told = server.alerts().get(server.alerts().size() - 1);
            assertEquals(FailureCode.OUTCOME_UNKNOWN, told.code());
            assertTrue(told.message().contains("failed " + broken + " time"), told::message);
            assertTrue(told.message().contains("last with: post-copy of 'web' broke off"), told::message);
            assertEquals(broken == 3, told.message().contains("recover it by hand"), told::message);
        }
        awaitCompleted(server, migration);
        List<String> all = recoveries(server, migration);
        assertEquals(4, all.size());
        assertTrue(all.get(0).startsWith("RECOVER_POST_COPY failed: "), all::toString);
        assertEquals("RECOVER_POST_COPY done", all.get(3));
    }

    private void awaitRecovery(ServerInMemory server, Migration migration, int number) {
        assertTrue(time.runUntil(() -> server.steps(migration).stream()
                        .filter(step -> step.startsWith("RECOVER_POST_COPY next"))
                        .count()
                == number));
    }

    /** Its alert was cleared by the first figures of a recovery that sent nothing. */
    @Test
    void doesNotGetOnBeforeSomethingIsSent() {
        ServerInMemory server = server();
        Migration migration = brokenOff(server, MigrationMode.PEER_TO_PEER);
        awaitRecovery(server, migration, 1);
        fleet.faults().hangDaemon("b");
        int before = server.gettingOn();
        time.advance(Duration.ofSeconds(10));
        assertEquals(before, server.gettingOn());
        fleet.faults().restoreDaemon("b");
        time.advance(Duration.ofSeconds(3));
        assertTrue(server.gettingOn() > before);
        awaitCompleted(server, migration);
    }

    /** It was taken, and nobody ever heard that it could not be done. */
    @Test
    void abortIsRefusedWhileItStandsStill() {
        ServerInMemory server = server();
        Migration migration = brokenOff(server, MigrationMode.PEER_TO_PEER);
        time.advance(Duration.ofSeconds(1));
        var refused =
                assertThrows(FailureException.class, () -> server.migrations().abort(migration.id(), OPERATOR));
        assertEquals(FailureCode.OPERATION_INVALID, refused.failure().code());
        assertTrue(refused.failure().message().contains("is in post-copy"), refused::getMessage);
        awaitCompleted(server, migration);
        assertEquals(
                List.of(),
                server.steps(migration).stream()
                        .filter(step -> step.startsWith("ABORT"))
                        .toList());
    }

    @ParameterizedTest
    @EnumSource
    void nextStartOfTheServerSeesToIt(MigrationMode mode) {
        ServerInMemory first = server();
        Migration migration = brokenOff(first, mode);
        first.kill();
        time.advance(Duration.ofMinutes(5));

        ServerInMemory second = server();
        awaitCompleted(second, migration);
        assertEquals(List.of("RECOVER_POST_COPY done"), recoveries(second, migration));
    }

    @Test
    void recoveryThatOutlivesItsServerIsAdopted() {
        ServerInMemory first = server();
        Migration migration = brokenOff(first, MigrationMode.PEER_TO_PEER);
        awaitRecovery(first, migration, 1);
        time.advance(Duration.ofSeconds(1));
        first.kill();

        ServerInMemory second = server();
        awaitCompleted(second, migration);
        assertTrue(second.steps(migration).contains("ADOPT found under way"));
        assertEquals(List.of(), recoveries(second, migration));
    }
}
