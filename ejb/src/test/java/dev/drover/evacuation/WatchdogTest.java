package dev.drover.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.audit.Actor;
import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.driver.simulated.SimulatedFleet;
import dev.drover.driver.simulated.SimulatedHost;
import dev.drover.memory.InMemoryDatabase;
import dev.drover.memory.ServerInMemory;
import dev.drover.migration.MigrateArguments;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationConfig;
import dev.drover.migration.MigrationLimits;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchdogTest {

    private static final double MIB = 1024.0 * 1024.0;
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final UUID GUEST = new UUID(7, 7);

    private final VirtualTimers time = new VirtualTimers(Instant.parse("2026-11-25T03:00:00Z"));
    // a GiB takes 1024 s on these links
    private final SimulatedFleet fleet = new SimulatedFleet(
            time,
            List.of(new SimulatedHost("a", 8, 65536, MIB), new SimulatedHost("b", 8, 65536, MIB)),
            List.of(new SimulatedDomain(GUEST, "web", "a", DomainStatus.running(), 1024, 1, 0, 0)));
    private final ServerInMemory server = new ServerInMemory("n1", time, fleet, new InMemoryDatabase(time)).begin(true);
    private final Alerts alerts = new Alerts(time);
    private final TransitionLog log = new TransitionLog(time.clock(), Runnable::run, alerts);
    private final Watchdog watchdog = new Watchdog(server.migrations(), limits(MigrationLimits.defaults()), log, time);

    private static MigrationConfig limits(MigrationLimits limits) {
        MigrationConfig all = MigrationConfig.defaults();
        return new MigrationConfig(
                all.outgoingPerHost(),
                all.incomingPerHost(),
                all.statsInterval(),
                all.firstLook(),
                all.longestLook(),
                all.keepalive(),
                all.drain(),
                limits,
                all.convergence());
    }

    /** Looks each few seconds, as the caretaker does. */
    private void watch(Watchdog dog, Duration over, Evacuation... own) {
        for (Duration passed = Duration.ZERO; passed.compareTo(over) < 0; passed = passed.plus(TICK)) {
            dog.look(List.of(own));
            time.advance(TICK);
        }
        dog.look(List.of(own));
    }

    private List<String> subjects() {
        return alerts.list().stream()
                .peek(alert -> assertEquals(FailureCode.STUCK, alert.reason().code()))
                .map(alert -> alert.domain() == null ? alert.host() : alert.domain())
                .map(String::valueOf)
                .toList();
    }

    @ParameterizedTest(name = "{0} may last {1}")
    @CsvSource({"PLANNING, PT1M", "RUNNING, PT4H", "PAUSED, PT1H", "CANCELLING, PT10M"})
    void evacuationThatStaysInAStateForLongerThanThatStateMayLastIsTold(EvacuationState state, Duration bound) {
        Evacuation one = Evacuations.of("h1", state);
        watch(watchdog, bound, one);
        assertEquals(List.of(), subjects());
        watch(watchdog, TICK, one);
        assertEquals(List.of("h1"), subjects());
        String message = alerts.list().get(0).reason().message();
        assertTrue(message.contains(state.name()) && message.contains("" + bound.toMinutes()), message);
    }

    @Test
    void changeOfStateBeginsItsAgeAnew() {
        watch(watchdog, Duration.ofSeconds(55), Evacuations.of("h1", EvacuationState.PLANNING));
        watch(watchdog, Duration.ofMinutes(10), Evacuations.of("h1", EvacuationState.CANCELLING));
        watch(watchdog, Duration.ofMinutes(1), Evacuations.of("h1", EvacuationState.PLANNING));
        assertEquals(List.of(), subjects());
    }

    @Test
    void oneThatIsStuckDoesNotHideAnother() {
        watch(
                watchdog,
                Duration.ofMinutes(11),
                Evacuations.of("h1", EvacuationState.CANCELLING),
                Evacuations.of("h2", EvacuationState.RUNNING),
                Evacuations.of("h3", EvacuationState.PLANNING));
        assertEquals(List.of("h1", "h3"), subjects().stream().sorted().toList());
    }

    @Test
    void whoIsGoneForALookIsYoungWhenHeComesBack() {
        Evacuation one = Evacuations.of("h1", EvacuationState.PLANNING);
        watch(watchdog, Duration.ofSeconds(55), one);
        watch(watchdog, TICK);
        watch(watchdog, Duration.ofSeconds(55), one);
        assertEquals(List.of(), subjects());
    }

    @Test
    void migrationThatShouldHaveBeenGivenUpLongAgoIsToldOnceForEachIntervalHoweverWellItsCopyGetsOn() {
        Migration migration = Migration.planned(
                null,
                0,
                new Domain(GUEST, "web", DomainStatus.running(), 1024, 1, false),
                new Migration.Route("a", ConnectUri.parse("sim://a"), "b", ConnectUri.parse("sim://b")),
                MigrateArguments.live(),
                null,
                time.clock().instant());
        server.migrations().submit(List.of(migration), Actor.drover());
        assertTrue(time.runUntil(() -> !server.migrations().underWay().isEmpty()));
        var strict = new Watchdog(
                server.migrations(),
                limits(new MigrationLimits(
                        Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(150), 2, TICK)),
                log,
                time);
        watch(strict, Duration.ofSeconds(40));
        assertEquals(List.of(), subjects());
        for (int second = 0; second < 90; second += 5) {
            strict.look(List.of());
            log.progressed(
                    migration, server.migrations().progress(migration.id()).orElseThrow());
            time.advance(TICK);
        }
        assertEquals(List.of("web"), subjects());
        assertEquals(2, alerts.list().get(0).times(), "at once and after a minute");
    }

    @Test
    void whatIsWithinItsBoundsIsNotTold() {
        watch(
                watchdog,
                Duration.ofSeconds(60),
                Stream.of(EvacuationState.values())
                        .filter(state -> !state.isFinal())
                        .map(state -> Evacuations.of("host of " + state, state))
                        .toArray(Evacuation[]::new));
        assertEquals(List.of(), subjects());
    }
}
