package dev.drover.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.Host;
import dev.drover.model.HostSnapshot;
import dev.drover.model.NodeInfo;
import dev.drover.planner.Decision.Blocked;
import dev.drover.planner.Decision.MoveTo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EvacuationPlannerTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    @Test
    void theLargestGoesFirstToTheHostWithMostRoom() {
        var decisions = EvacuationPlanner.decide(
                host("h1", 0, domain("small", 1), domain("large", 8)), List.of(target("h2", 9), target("h3", 10)));

        assertEquals(List.of("large→h3", "small→h2"), moves(decisions));
    }

    @Test
    void whatOneDomainTakesIsNoLongerFreeForTheNext() {
        var decisions =
                EvacuationPlanner.decide(host("h1", 0, domain("a", 6), domain("b", 6)), List.of(target("h2", 10)));

        assertEquals(List.of("a→h2"), moves(decisions));
        assertEquals(
                FailureCode.INSUFFICIENT_MEMORY,
                blocked(decisions).get(0).failure().code());
    }

    @Test
    void whatIsReservedAlreadyIsNotFree() {
        var decisions = EvacuationPlanner.decide(host("h1", 0, domain("a", 6)), List.of(new Target(host("h2", 10), 5)));

        assertEquals(List.of(), moves(decisions));
    }

    @Test
    void blockedDomainDoesNotStopTheOthers() {
        Domain twin = new Domain(new UUID(7, 7), "web", DomainStatus.running(), 1, 1, false);
        var decisions = EvacuationPlanner.decide(
                host("h1", 0, domain("web", 1), domain("db", 1)), List.of(new Target(host("h2", 10, twin), 0)));

        assertEquals(List.of("db→h2"), moves(decisions));
        Failure why = blocked(decisions).get(0).failure();
        assertEquals(FailureCode.NAME_IN_USE, why.code());
        assertTrue(why.message().contains("another domain named 'web'"), why.message());
    }

    @Test
    void eachTargetGivesItsOwnReason() {
        HostSnapshot off = HostSnapshot.offline(
                new Host("h3", ConnectUri.parse("sim://h3")), Failure.of(FailureCode.HOST_OFFLINE, "no route"), NOW);
        var decisions =
                EvacuationPlanner.decide(host("h1", 0, domain("web", 4)), List.of(target("h2", 1), new Target(off, 0)));

        Blocked blocked = blocked(decisions).get(0);
        assertEquals(
                List.of("h2", "h3"),
                blocked.reasons().stream().map(Decision.Reason::target).sorted().toList());
        assertEquals(FailureCode.NO_TARGET, blocked.failure().code());
    }

    @Test
    void pausedDomainIsBlockedAndOneThatIsOffNeedsNoMove() {
        Domain paused = status("paused", DomainState.PAUSED, DomainStatus.PAUSED_USER);
        Domain off = status("off", DomainState.SHUTOFF, 1);
        var decisions = EvacuationPlanner.decide(host("h1", 0, paused, off), List.of(target("h2", 10)));

        assertEquals(1, decisions.size());
        assertEquals(
                FailureCode.NOT_RUNNING, blocked(decisions).get(0).failure().code());
    }

    @Test
    void anotherHypervisorIsNoTarget() {
        HostSnapshot xen = HostSnapshot.online(
                new Host("x1", ConnectUri.parse("xen+tcp://x1/system")),
                new NodeInfo("x", 2, 100, 100),
                List.of(),
                NOW);
        var decisions = EvacuationPlanner.decide(host("h1", 0, domain("web", 1)), List.of(new Target(xen, 0)));

        assertEquals(
                FailureCode.NOT_MIGRATABLE, blocked(decisions).get(0).failure().code());
    }

    @Test
    void driftNamesWhatCame() {
        HostSnapshot before = host("h1", 0, domain("a", 1));
        var plan = new EvacuationPlan(
                new UUID(0, 1), PlanRequest.of("h1"), NOW, EvacuationPlanner.decide(before, List.of(target("h2", 10))));

        assertEquals(Optional.empty(), Drift.between(plan, before, List.of(target("h2", 10))));
        assertEquals(
                Optional.of("'b' has come to h1"),
                Drift.between(plan, host("h1", 0, domain("a", 1), domain("b", 1)), List.of(target("h2", 10))));
        assertTrue(Drift.between(plan, before, List.of(target("h2", 0))).isPresent());
    }

    private static List<String> moves(List<Decision> decisions) {
        return decisions.stream()
                .filter(MoveTo.class::isInstance)
                .map(MoveTo.class::cast)
                .map(move -> move.domain().name() + "→" + move.destination())
                .toList();
    }

    private static List<Blocked> blocked(List<Decision> decisions) {
        return decisions.stream()
                .filter(Blocked.class::isInstance)
                .map(Blocked.class::cast)
                .toList();
    }

    private static Target target(String name, long freeMiB) {
        return new Target(host(name, freeMiB), 0);
    }

    private static HostSnapshot host(String name, long freeMiB, Domain... domains) {
        return HostSnapshot.online(
                new Host(name, ConnectUri.parse("sim://" + name)),
                new NodeInfo("x", 2, 100, freeMiB),
                List.of(domains),
                NOW);
    }

    private static Domain domain(String name, long memoryMiB) {
        return new Domain(
                UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
                name,
                DomainStatus.running(),
                memoryMiB,
                1,
                false);
    }

    private static Domain status(String name, DomainState state, int reason) {
        return new Domain(new UUID(1, name.hashCode()), name, new DomainStatus(state, reason), 1, 1, false);
    }
}
