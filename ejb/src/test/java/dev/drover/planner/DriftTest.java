package dev.drover.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.Host;
import dev.drover.model.HostSnapshot;
import dev.drover.model.NodeInfo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What makes a plan outdated, and what does not. The plan: a (8 MiB) and b (4 MiB) go from h1 to h2. */
class DriftTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final Domain A = domain("a", 8, DomainState.RUNNING);
    private static final Domain B = domain("b", 4, DomainState.RUNNING);

    private final EvacuationPlan plan = new EvacuationPlan(
            new UUID(0, 1),
            PlanRequest.of("h1"),
            NOW,
            EvacuationPlanner.decide(host("h1", 0, A, B), List.of(target("h2", 20))));

    @Test
    void unchangedFleetIsAsPlanned() {
        assertEquals(Optional.empty(), drift(host("h1", 0, B, A), target("h2", 12)));
    }

    @Test
    void domainThatLeftOrEndedIsNamed() {
        assertEquals(Optional.of("'b' no longer runs on h1"), drift(host("h1", 0, A), target("h2", 20)));
        Domain off = domain("b", 4, DomainState.SHUTOFF);
        assertEquals(Optional.of("'b' no longer runs on h1"), drift(host("h1", 0, A, off), target("h2", 20)));
    }

    @Test
    void domainThatCameIsNamed() {
        Domain c = domain("c", 1, DomainState.RUNNING);
        assertEquals(Optional.of("'c' has come to h1"), drift(host("h1", 0, A, B, c), target("h2", 20)));
    }

    @Test
    void definitionThatIsOffChangesNothing() {
        Domain off = domain("off", 1, DomainState.SHUTOFF);
        assertEquals(Optional.empty(), drift(host("h1", 0, A, B, off), target("h2", 20)));
    }

    @Test
    void domainThatWasPausedMeanwhileIsNamed() {
        Domain paused = domain("b", 4, DomainState.PAUSED);
        assertEquals(
                Optional.of("domain 'b' on h1 is paused, and only a running domain migrates live; resume it or shut it "
                        + "down"),
                drift(host("h1", 0, A, paused), target("h2", 20)));
    }

    @Test
    void targetThatWentIsNamed() {
        assertEquals(Optional.of("h2 can no longer be used"), drift(host("h1", 0, A, B), target("h3", 20)));
        var dead = new Target(
                HostSnapshot.offline(
                        new Host("h2", ConnectUri.parse("sim://h2")), Failure.of(FailureCode.HOST_OFFLINE, "off"), NOW),
                0);
        assertEquals(Optional.of("h2 does not answer: off"), drift(host("h1", 0, A, B), dead));
    }

    @Test
    void roomThatSufficesForEachButNotForBothIsDrift() {
        assertEquals(
                Optional.of(
                        "h2 has 3 MiB of memory left after reservations, 'b' needs 4 MiB; free some or add a target"),
                drift(host("h1", 0, A, B), target("h2", 11)));
    }

    @Test
    void roomThatOthersReservedMeanwhileIsGone() {
        assertEquals(
                Optional.of(
                        "h2 has 0 MiB of memory left after reservations, 'a' needs 8 MiB; free some or add a target"),
                drift(host("h1", 0, A, B), new Target(host("h2", 20), 30)));
    }

    private Optional<String> drift(HostSnapshot source, Target... targets) {
        return Drift.between(plan, source, List.of(targets));
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

    private static Domain domain(String name, long memoryMiB, DomainState state) {
        UUID uuid = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return new Domain(uuid, name, new DomainStatus(state, 1), memoryMiB, 1, false);
    }
}
