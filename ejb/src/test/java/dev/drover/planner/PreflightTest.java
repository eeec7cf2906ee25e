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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final UUID UUID_1 = new UUID(0, 1);
    private static final Domain WEB = domain(UUID_1, "web", DomainState.RUNNING);
    private static final HostSnapshot SOURCE = host("qemu+tcp://h1/system", 0, WEB);

    @ParameterizedTest(name = "a {0} domain may leave: {1}")
    @CsvSource({
        "RUNNING,true,''",
        "BLOCKED,true,''",
        "PAUSED,false,resume it or shut it down",
        "SHUTDOWN,false,'wait, or shut it down'",
        "PMSUSPENDED,false,'wait, or shut it down'"
    })
    void onlyRunningDomainsLeave(DomainState state, boolean may, String wayOut) {
        Optional<Failure> refusal = Preflight.leaving(domain(UUID_1, "web", state), SOURCE);
        assertEquals(may, refusal.isEmpty());
        refusal.ifPresent(failure -> {
            assertEquals(FailureCode.NOT_RUNNING, failure.code());
            assertTrue(failure.message().contains("'web' on h1"), failure.message());
            assertTrue(failure.message().endsWith(wayOut), failure.message());
        });
    }

    @Test
    void memoryThatJustSufficesSuffices() {
        assertEquals(Optional.empty(), entering(host("qemu+tcp://h2/system", 8), 0));
        Failure refusal = entering(host("qemu+tcp://h2/system", 8), 1).orElseThrow();
        assertEquals(FailureCode.INSUFFICIENT_MEMORY, refusal.code());
        assertTrue(
                refusal.message().contains("h2 has 7 MiB of memory left after reservations, 'web' needs 8 MiB"),
                refusal.message());
    }

    @Test
    void overcommittedTargetIsSaidToHaveNothingRatherThanLess() {
        String message =
                entering(host("qemu+tcp://h2/system", 8), 20).orElseThrow().message();
        assertTrue(message.contains("h2 has 0 MiB"), message);
    }

    @ParameterizedTest(name = "a {2} domain {0}/{1} on the target gives {3}")
    @CsvSource({
        "1,web,RUNNING,UUID_IN_USE",
        "1,other,SHUTOFF,UUID_IN_USE",
        "1,other,RUNNING,UUID_IN_USE",
        "2,web,SHUTOFF,NAME_IN_USE",
        "2,web,RUNNING,NAME_IN_USE",
        // libvirt takes over a definition of the same name and UUID
        "1,web,SHUTOFF,",
        "2,other,RUNNING,"
    })
    void nameAndUuidMustBeFree(long uuid, String name, DomainState state, FailureCode code) {
        Domain there = domain(new UUID(0, uuid), name, state);
        assertEquals(
                Optional.ofNullable(code),
                entering(host("qemu+tcp://h2/system", 100, there), 0).map(Failure::code));
    }

    @ParameterizedTest(name = "{0} is no target: {1}")
    @CsvSource({
        "xen+tcp://h2/system,h2 runs xen",
        "sim://h2,h2 runs sim",
        "qemu:///system,known by the local URI",
    })
    void targetMustBeOfTheSameKindAndReachableFromTheSource(String uri, String reason) {
        Failure refusal = entering(host(uri, 100), 0).orElseThrow();
        assertEquals(FailureCode.NOT_MIGRATABLE, refusal.code());
        assertTrue(refusal.message().contains(reason), refusal.message());
    }

    @Test
    void targetThatDoesNotAnswerSaysWhy() {
        HostSnapshot dead = HostSnapshot.offline(
                new Host("h2", ConnectUri.parse("qemu+tcp://h2/system")),
                Failure.of(FailureCode.HOST_OFFLINE, "no route to host"),
                NOW);
        Failure refusal = entering(dead, 0).orElseThrow();
        assertEquals(FailureCode.HOST_OFFLINE, refusal.code());
        assertTrue(refusal.message().contains("h2 does not answer: no route to host"), refusal.message());
    }

    private static Optional<Failure> entering(HostSnapshot target, long reservedMiB) {
        return Preflight.entering(WEB, SOURCE, new Target(target, reservedMiB));
    }

    private static Domain domain(UUID uuid, String name, DomainState state) {
        return new Domain(uuid, name, new DomainStatus(state, 1), 8, 1, false);
    }

    private static HostSnapshot host(String uri, long freeMiB, Domain... domains) {
        ConnectUri parsed = ConnectUri.parse(uri);
        return HostSnapshot.online(
                new Host(parsed.host().orElse("h2"), parsed),
                new NodeInfo("x", 2, 100, freeMiB),
                List.of(domains),
                NOW);
    }
}
