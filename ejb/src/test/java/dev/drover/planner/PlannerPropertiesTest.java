package dev.drover.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.model.Host;
import dev.drover.model.HostSnapshot;
import dev.drover.model.NodeInfo;
import dev.drover.planner.Decision.Blocked;
import dev.drover.planner.Decision.MoveTo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every plan, whatever the fleet looks like. */
class PlannerPropertiesTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    /** A host to empty and those that may take its domains. */
    record Fleet(HostSnapshot source, List<Target> targets) {

        List<Decision> plan() {
            return EvacuationPlanner.decide(source, targets);
        }

        Fleet shuffled(Random random) {
            List<Domain> domains = new ArrayList<>(source.domains());
            List<Target> others = new ArrayList<>(targets);
            Collections.shuffle(domains, random);
            Collections.shuffle(others, random);
            return new Fleet(snapshot(source.host().name(), 100, domains), others);
        }
    }

    @Property
    void noDomainIsLostAndNoneIsPlannedTwice(@ForAll("fleets") Fleet fleet) {
        assertEquals(
                fleet.source().activeDomains().stream()
                        .map(Domain::uuid)
                        .sorted()
                        .toList(),
                fleet.plan().stream()
                        .map(decision -> decision.domain().uuid())
                        .sorted()
                        .toList());
    }

    @Property
    void noHostIsOverfull(@ForAll("fleets") Fleet fleet) {
        Map<String, Long> arriving = arriving(fleet.plan());
        for (Target target : fleet.targets()) {
            assertTrue(
                    arriving.getOrDefault(target.name(), 0L) <= Math.max(0, target.freeMiB()),
                    () -> target.name() + " has " + target.freeMiB() + " and gets " + arriving);
        }
    }

    @Property
    void nothingGoesWhereItsNameOrUuidIsTaken(@ForAll("fleets") Fleet fleet) {
        Map<String, Target> targets = fleet.targets().stream().collect(Collectors.toMap(Target::name, each -> each));
        for (MoveTo move : moves(fleet.plan())) {
            for (Domain there : Objects.requireNonNull(targets.get(move.destination()))
                    .host()
                    .domains()) {
                boolean sameName = there.name().equals(move.domain().name());
                boolean sameUuid = there.uuid().equals(move.domain().uuid());
                // a definition that is off and has both is the domain's own from an earlier stay
                boolean itsOwn = sameName && sameUuid && !there.status().isActive();
                assertTrue(itsOwn || (!sameName && !sameUuid), () -> move + " meets " + there);
            }
        }
    }

    @Property
    void blockedDomainHasAReasonForEachTargetAndReallyFitsNowhere(@ForAll("fleets") Fleet fleet) {
        List<Decision> plan = fleet.plan();
        Map<String, Long> arriving = arriving(plan);
        for (Decision decision : plan) {
            if (!(decision instanceof Blocked blocked)
                    || !blocked.domain().status().isRunning()
                    || fleet.targets().isEmpty()) {
                continue;
            }
            assertEquals(
                    fleet.targets().stream().map(Target::name).sorted().toList(),
                    blocked.reasons().stream()
                            .map(Decision.Reason::target)
                            .sorted()
                            .toList());
            for (Decision.Reason reason : blocked.reasons()) {
                if (reason.failure().code() == FailureCode.INSUFFICIENT_MEMORY) {
                    long left = fleet.targets().stream()
                            .filter(target -> target.name().equals(reason.target()))
                            .mapToLong(target -> target.freeMiB() - arriving.getOrDefault(target.name(), 0L))
                            .sum();
                    assertTrue(left < blocked.domain().memoryMiB(), () -> blocked + " would have fitted");
                }
            }
        }
    }

    @Property
    void sameFleetGivesTheSamePlanInWhateverOrderItIsSeen(@ForAll("fleets") Fleet fleet, @ForAll Random random) {
        assertEquals(fleet.plan(), fleet.shuffled(random).plan());
    }

    @Property
    void planOfAFleetThatDidNotChangeHasNotDrifted(@ForAll("fleets") Fleet fleet) {
        var plan = new EvacuationPlan(new UUID(0, 1), PlanRequest.of("h0"), NOW, fleet.plan());
        assertEquals(Optional.empty(), Drift.between(plan, fleet.source(), fleet.targets()));
    }

    @Provide
    Arbitrary<Fleet> fleets() {
        Arbitrary<List<Domain>> domains = domains(0, 12);
        Arbitrary<List<Target>> targets = Combinators.combine(
                        domains(0, 3),
                        Arbitraries.longs().between(0, 200),
                        Arbitraries.longs().between(0, 40))
                .as((there, free, reserved) -> new Target(snapshot("later", free, there), reserved))
                .list()
                .ofMaxSize(5)
                .map(PlannerPropertiesTest::named);
        return Combinators.combine(domains, targets)
                .as((source, others) -> new Fleet(snapshot("h0", 100, source), others));
    }

    private static List<Target> named(List<Target> targets) {
        List<Target> named = new ArrayList<>();
        for (Target target : targets) {
            named.add(new Target(
                    snapshot(
                            "h" + (named.size() + 1),
                            freeOf(target.host()),
                            target.host().domains()),
                    target.reservedMiB()));
        }
        return named;
    }

    private static long freeOf(HostSnapshot host) {
        return host.node().orElseThrow().freeMemoryMiB();
    }

    // few names and few UUIDs, so that twins are common; unique on one host, as a hypervisor sees to it
    private static Arbitrary<List<Domain>> domains(int min, int max) {
        Arbitrary<Integer> names = Arbitraries.integers().between(1, 20);
        Arbitrary<Integer> uuids = Arbitraries.integers().between(1, 30);
        Arbitrary<Long> memory = Arbitraries.longs().between(1, 64);
        Arbitrary<DomainState> states = Arbitraries.frequency(
                net.jqwik.api.Tuple.of(8, DomainState.RUNNING),
                net.jqwik.api.Tuple.of(1, DomainState.PAUSED),
                net.jqwik.api.Tuple.of(1, DomainState.SHUTOFF));
        return Combinators.combine(names, uuids, memory, states)
                .as((name, uuid, mib, state) ->
                        new Domain(new UUID(0, uuid), "d" + name, new DomainStatus(state, 1), mib, 1, false))
                .list()
                .ofMinSize(min)
                .ofMaxSize(max)
                .uniqueElements(Domain::name)
                .uniqueElements(Domain::uuid);
    }

    private static HostSnapshot snapshot(String name, long freeMiB, List<Domain> domains) {
        return HostSnapshot.online(
                new Host(name, ConnectUri.parse("sim://" + name)), new NodeInfo("x", 2, 1000, freeMiB), domains, NOW);
    }

    private static List<MoveTo> moves(List<Decision> plan) {
        return plan.stream()
                .filter(MoveTo.class::isInstance)
                .map(MoveTo.class::cast)
                .toList();
    }

    private static Map<String, Long> arriving(List<Decision> plan) {
        Map<String, Long> memory = new HashMap<>();
        moves(plan)
                .forEach(move -> memory.merge(move.destination(), move.domain().memoryMiB(), Long::sum));
        return memory;
    }
}
