package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.audit.Actor;
import dev.drover.audit.Surface;
import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.driver.simulated.SimulatedDriver;
import dev.drover.driver.simulated.SimulatedFaults;
import dev.drover.driver.simulated.SimulatedFleet;
import dev.drover.driver.simulated.SimulatedHost;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.memory.InMemoryDatabase;
import dev.drover.memory.InMemoryDatabase.Mode;
import dev.drover.memory.ServerInMemory;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.time.Timers;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a migration when its server, its database or its lease is gone, in virtual time. */
class CrashTest {

    private static final Instant START = Instant.parse("2026-11-25T00:00:00Z");
    private static final double MIB = 1024.0 * 1024.0;
    private static final UUID GUEST = new UUID(7, 7);
    private static final DomainStatus MIGRATING = new DomainStatus(DomainState.PAUSED, DomainStatus.PAUSED_MIGRATION);
    private static final DomainStatus ARRIVED = new DomainStatus(DomainState.RUNNING, DomainStatus.RUNNING_MIGRATED);

    private final VirtualTimers time = new VirtualTimers(START);
    private final InMemoryDatabase database = new InMemoryDatabase(time);
    private final SimulatedFleet fleet = new SimulatedFleet(
            time,
            List.of(new SimulatedHost("a", 8, 65536, 100 * MIB), new SimulatedHost("b", 8, 65536, 100 * MIB)),
            List.of());

    private static SimulatedDomain guest(String host, DomainStatus status) {
        return new SimulatedDomain(GUEST, "web", host, status, 1024, 1, MIB, 10 * MIB);
    }

    private ServerInMemory server(String node) {
        return new ServerInMemory(node, time, fleet, database);
    }

    private Migration planned() {
        return planned(MigrateArguments.live());
    }

    private Migration planned(MigrateArguments arguments) {
        return Migration.planned(
                null,
                0,
                new Domain(GUEST, "web", DomainStatus.running(), 1024, 1, false),
                new Migration.Route("a", ConnectUri.parse("sim://a"), "b", ConnectUri.parse("sim://b")),
                arguments,
                null,
                START);
    }

    private Migration submitted(ServerInMemory server) {
        return submitted(server, planned());
    }

    private Migration submitted(ServerInMemory server, MigrationMode mode) {
        MigrateArguments live = MigrateArguments.live();
        return submitted(
                server,
                planned(new MigrateArguments(live.flags(), live.dname(), live.hostname(), live.params(), mode)));
    }

    private Migration submitted(ServerInMemory server, MigrationMode mode, Set<MigrateFlag> flags) {
        MigrateArguments live = MigrateArguments.live();
        return submitted(
                server, planned(new MigrateArguments(flags, live.dname(), live.hostname(), live.params(), mode)));
    }

    private static Migration submitted(ServerInMemory server, Migration migration) {
        server.migrations().submit(List.of(migration), new Actor("test", Surface.REST));
        return migration;
    }

    private MigrationState state(ServerInMemory server, Migration migration) {
        return server.journal().find(migration.id()).orElseThrow().state();
    }

    private void awaitState(ServerInMemory server, Migration migration, MigrationState wanted) {
        assertTrue(time.runUntil(() -> state(server, migration) == wanted), () -> "never " + wanted);
    }

    private List<String> running() {
        return fleet.copies().stream()
                .filter(copy -> copy.status().isRunning())
                .map(SimulatedDomain::host)
                .toList();
    }

    @Test
    void migrationOfAKilledServerIsAdoptedByItsNextLifeAtOnce() {
        fleet.add(guest("a", DomainStatus.running()));
        ServerInMemory first = server("n1").begin(true);
        Migration migration = submitted(first);
        awaitState(first, migration, MigrationState.RUNNING);
        time.advance(Duration.ofSeconds(3));
        first.kill();

        ServerInMemory second = server("n1").begin(true);
        awaitState(second, migration, MigrationState.COMPLETED);
        assertEquals(List.of("b"), running());
        assertEquals(
                List.of("PLAN", "BEGIN PEER_TO_PEER", "ADOPT found under way", "COMPLETE"), second.steps(migration));
    }

    @Test
    void anotherServerTakesOverOnlyWhenTheLeaseHasRunOut() {
        fleet.add(guest("a", DomainStatus.running()));
        ServerInMemory first = server("n1").begin(true);
        Migration migration = submitted(first);
        awaitState(first, migration, MigrationState.RUNNING);
        first.kill();

        ServerInMemory other = server("n2").begin(true);
        time.advance(Duration.ofSeconds(25));
        assertEquals(MigrationState.RUNNING, state(other, migration));
        assertFalse(other.steps(migration).contains("ADOPT found under way"));
        time.advance(Duration.ofSeconds(15));
        assertEquals(MigrationState.COMPLETED, state(other, migration));
        assertEquals(List.of("b"), running());
    }

    @Test
    void serverThatWasTakenOverActsNoMoreAndOwnsNothing() {
        fleet.add(guest("a", DomainStatus.running()));
        ServerInMemory first = server("n1").begin(true);
        Migration migration = submitted(first);
        awaitState(first, migration, MigrationState.RUNNING);
        UUID life = first.ownership().life().id();
        // as if its process had been stopped for long: the other is sure that it may take over
        ServerInMemory other = server("n1").begin(true);

        time.advance(Duration.ofSeconds(6));
        assertNotEquals(life, first.ownership().life().id());
        assertEquals(List.of(), first.journal().unfinished());
        assertEquals(0, first.migrations().underWay().size());
        awaitState(other, migration, MigrationState.COMPLETED);
        assertEquals(
                1, other.steps(migration).stream().filter("COMPLETE"::equals).count());
        assertEquals(List.of("b"), running());
    }

    @Test
    void outcomeWaitsForTheDatabaseAndNothingNewStartsMeanwhile() {
        fleet.add(guest("a", DomainStatus.running()));
        ServerInMemory server = server("n1").begin(true);
        Migration migration = submitted(server);
        awaitState(server, migration, MigrationState.RUNNING);
        database.become(Mode.GONE);
        time.advance(Duration.ofSeconds(60));
        assertEquals(List.of("b"), running());
        assertEquals(1, server.migrations().underWay().size());
        assertTrue(server.alerts().stream().anyMatch(alert -> alert.code() == FailureCode.JOURNAL_UNAVAILABLE));

        database.become(Mode.WELL);
        awaitState(server, migration, MigrationState.COMPLETED);
        assertTrue(server.ownership().isValid());
    }

    @Test
    void nothingBeginsWithoutTheJournal() {
        fleet.add(guest("a", DomainStatus.running()));
        ServerInMemory server = server("n1").begin(true);
        Migration migration = submitted(server);
        database.become(Mode.GONE);
        // longer than the lease: nobody takes over, so the same life goes on
        time.advance(Duration.ofSeconds(90));
        assertEquals(List.of("a"), running());
        database.become(Mode.WELL);
        assertEquals(List.of("PLAN"), server.steps(migration));
        awaitState(server, migration, MigrationState.COMPLETED);
    }

    @Test
    void writeWhoseAnswerWasLostIsRepeatedAndCountsOnce() {
        fleet.add(guest("a", DomainStatus.running()));
        ServerInMemory server = server("n1").begin(true);
        Migration migration = submitted(server);
        awaitState(server, migration, MigrationState.RUNNING);
        database.become(Mode.ANSWERS_LOST);
        time.advance(Duration.ofSeconds(40));
        database.become(Mode.WELL);
        time.advance(Duration.ofSeconds(40));
        assertEquals(
                1, server.steps(migration).stream().filter("COMPLETE"::equals).count());
        assertEquals(0, server.migrations().underWay().size());
    }

    @Test
    void sourceThatStandsStillBesideARunningDestinationIsDestroyedAfterTwoLooks() {
        Migration migration = leftBehind(guest("a", MIGRATING), guest("b", ARRIVED), DomainStatus.running());
        ServerInMemory next = server("n1").begin(true);
        time.advance(Duration.ZERO);
        assertEquals(2, fleet.copies().size());
        time.advance(Duration.ofSeconds(2));

        assertEquals(MigrationState.COMPLETED, state(next, migration));
        assertEquals(List.of("b"), running());
        assertEquals(1, fleet.copies().size());
        assertEquals(
                List.of(
                        "DESTROY_SOURCE next: it runs on the destination and stands still on the source",
                        "DESTROY_SOURCE done",
                        "COMPLETE"),
                tail(next.steps(migration), 3));
    }

    @Test
    void sourceThatDroverDroveAndThatStandsStillAloneIsResumedAfterTwoLooks() {
        Migration migration = leftBehind(guest("a", MIGRATING), null, DomainStatus.running());
        ServerInMemory next = server("n1").begin(true);
        time.advance(Duration.ZERO);
        assertEquals(List.of(), running());
        time.advance(Duration.ofSeconds(2));

        assertTrue(next.steps(migration).contains("RESUME_SOURCE done"), () -> next.steps(migration) + "");
        assertEquals(1, running().size());
    }

    @Test
    void sourceThatStandsStillAloneIsResumedOnlyAfterTheKeepalive() {
        Migration migration =
                leftBehind(guest("a", MIGRATING), null, DomainStatus.running(), MigrationMode.PEER_TO_PEER);
        ServerInMemory next = server("n1").begin(true);
        time.advance(Duration.ofSeconds(30));
        assertEquals(List.of(), running());
        time.advance(Duration.ofSeconds(31));

        assertTrue(next.steps(migration).contains("RESUME_SOURCE done"), () -> next.steps(migration) + "");
        assertEquals(1, running().size());
    }

    @Test
    void guestThatItsUserHadPausedIsNeverResumed() {
        DomainStatus paused = new DomainStatus(DomainState.PAUSED, DomainStatus.PAUSED_USER);
        Migration migration = leftBehind(guest("a", MIGRATING), null, paused);
        ServerInMemory next = server("n1").begin(true);
        time.advance(Duration.ofMinutes(5));

        assertFalse(next.steps(migration).stream().anyMatch(step -> step.startsWith("RESUME_SOURCE")));
        assertFalse(running().contains("a"));
    }

    @Test
    void twoRunningCopiesAreLeftAloneAndTold() {
        Migration migration =
                leftBehind(guest("a", DomainStatus.running()), guest("b", ARRIVED), DomainStatus.running());
        ServerInMemory next = server("n1").begin(true);
        time.advance(Duration.ofMinutes(1));

        assertEquals(List.of("a", "b"), running());
        Migration end = next.journal().find(migration.id()).orElseThrow();
        assertEquals(MigrationState.FAILED, end.state());
        assertNotNull(end.failure());
        assertEquals(FailureCode.QUARANTINED, end.failure().code());
        assertTrue(next.alerts().stream().anyMatch(alert -> alert.code() == FailureCode.QUARANTINED));
    }

    @ParameterizedTest(name = "{0} ms after the switch was asked for")
    @ValueSource(ints = {100, 250, 2000})
    void managedPostCopyOfAKilledServerIsBroughtToItsEnd(int millis) {
        fleet.add(guest("a", DomainStatus.running()));
        ServerInMemory first = server("n1").begin(true);
        Migration migration = submitted(first, MigrationMode.MANAGED, Set.of(MigrateFlag.LIVE, MigrateFlag.POSTCOPY));
        awaitState(first, migration, MigrationState.RUNNING);
        time.advance(Duration.ofSeconds(3));
        first.migrations()
                .startPostCopy(first.journal().find(migration.id()).orElseThrow(), new Actor("test", Surface.REST));
        time.advance(Duration.ofMillis(millis));
        first.kill();
        time.advance(Duration.ofSeconds(5));

        ServerInMemory second = server("n1").begin(true);
        awaitState(second, migration, MigrationState.COMPLETED);
        assertEquals(List.of("b"), running());
        assertEquals(
                1,
                fleet.copies().stream().filter(copy -> copy.status().isActive()).count());
        assertFalse(new SimulatedDriver(fleet)
                .open(ConnectUri.parse("sim://b"), ConnectOptions.defaults())
                .holdsCopy(GUEST));
        assertEquals(
                millis < 200, second.steps(migration).contains("FINISH_POST_COPY done"), () -> second.steps(migration)
                        .toString());
    }

    /** It was FAILED as aborted, though only its server had ended, and no other start ever went on with it. */
    @Test
    void managedMigrationThatTheServersEndBrokeOffBeginsAnewWithTheNextStart() {
        fleet.add(new SimulatedDomain(GUEST, "web", "a", DomainStatus.running(), 8192, 1, MIB, 10 * MIB));
        ServerInMemory first = server("n1").begin(true);
        Migration migration = submitted(first, MigrationMode.MANAGED);
        awaitState(first, migration, MigrationState.RUNNING);
        var ended = first.migrations().close().toCompletableFuture();
        time.advance(Duration.ofSeconds(19));
        assertFalse(ended.isDone(), "it was not waited for");
        time.advance(Duration.ofSeconds(6));
        assertTrue(ended.isDone());
        assertEquals(List.of("a"), running());
        assertEquals(MigrationState.PLANNED, state(first, migration));
        first.kill();

        ServerInMemory second = server("n1").begin(true);
        awaitState(second, migration, MigrationState.COMPLETED);
        assertEquals(List.of("b"), running());
    }

    /** The first look at a host that has just gone found a broken connection and was told under another code. */
    @Test
    void hostThatDoesNotAnswerIsToldUnderOneCode() {
        fleet.add(guest("a", DomainStatus.running()));
        ServerInMemory server = server("n1").begin(true);
        Migration migration = submitted(server);
        awaitState(server, migration, MigrationState.RUNNING);
        time.advance(Duration.ofSeconds(2));
        fleet.faults().killDaemon("b");
        time.advance(Duration.ofSeconds(40));

        assertEquals(
                Set.of(FailureCode.HOST_OFFLINE),
                server.alerts().stream().map(Failure::code).collect(Collectors.toSet()));
        fleet.faults().restoreDaemon("b");
    }

    /** Two threads that write down what was heard may do so in another order; the guest was left suspended at the end. */
    @Test
    void wishThatWasTakenBackIsNotFulfilledWhateverOrderItsEventsAreWorkedOffIn() {
        fleet.add(guest("a", DomainStatus.running()));
        ServerInMemory server = new ServerInMemory("n1", time, fleet, database, LatestFirst::new).begin(true);
        Migration migration = submitted(server);
        awaitState(server, migration, MigrationState.RUNNING);
        time.advance(Duration.ofSeconds(2));
        SimulatedFaults user = fleet.faults();
        user.suspend("a", GUEST);
        user.resume("a", GUEST);
        awaitState(server, migration, MigrationState.COMPLETED);

        assertEquals(List.of("b"), running());
    }

    /** Works off what comes at one moment in the reverse order. */
    private static final class LatestFirst implements Executor {

        private final Deque<Runnable> tasks = new ArrayDeque<>();
        private final Timers timers;

        LatestFirst(Timers timers) {
            this.timers = timers;
        }

        @Override
        public void execute(Runnable task) {
            tasks.push(task);
            timers.after(Duration.ZERO, () -> tasks.pop().run());
        }
    }

    /** A migration that was RUNNING when its server died, with these copies about. */
    private Migration leftBehind(SimulatedDomain source, @Nullable SimulatedDomain destination, DomainStatus prior) {
        return leftBehind(source, destination, prior, MigrationMode.MANAGED);
    }

    private Migration leftBehind(
            SimulatedDomain source, @Nullable SimulatedDomain destination, DomainStatus prior, MigrationMode mode) {
        ServerInMemory dead = server("n1").begin(true);
        Migration migration = planned();
        dead.journal().insert(List.of(migration), Actor.drover());
        Migration begun = migration.begun(START, mode, prior);
        dead.journal()
                .update(begun, begun.entry(MigrationStep.BEGIN, Actor.drover(), MigrationState.PLANNED, START, ""));
        dead.kill();
        fleet.add(source);
        if (destination != null) {
            fleet.add(destination);
        }
        return migration;
    }

    private static List<String> tail(List<String> all, int count) {
        return all.subList(all.size() - count, all.size());
    }

    /** The wish was taken, but the call made all the same, and on Xen nothing could end that any more. */
    @Test
    void migrationCalledOffBetweenItsRowAndItsCallIsNotBegun() {
        fleet.add(guest("a", DomainStatus.running()));
        ServerInMemory server = server("n1").begin(true);
        server.watch(now -> {
            if (now.state() == MigrationState.RUNNING) {
                server.migrations().abort(now.id(), new Actor("test", Surface.REST));
            }
        });
        Migration migration = submitted(server);
        awaitState(server, migration, MigrationState.CANCELLED);
        Failure why = server.journal().find(migration.id()).orElseThrow().failure();
        assertEquals("called off before it had started", why == null ? "" : why.message());
        assertEquals(List.of("a"), running());
    }
}
