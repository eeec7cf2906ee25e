package dev.drover.driver.simulated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.LongValue;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.TypedParameter;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SimulatedFleetTest {

    private static final Set<MigrateFlag> LIVE = Set.of(MigrateFlag.LIVE);

    private final VirtualTimers timers = new VirtualTimers(Instant.EPOCH);
    private final SimulatedDriver driver =
            new SimulatedDriver(new SimulatedFleet(timers, DemoFleet.hosts(), DemoFleet.domains()));
    private final HypervisorConnection h1 = open("h1");
    private final HypervisorConnection h2 = open("h2");

    @Test
    void demoHasFourHostsAndFortyDomains() {
        assertEquals(Set.of("h1", "h2", "h3", "h4"), driver.demoHosts().keySet());
        int all = driver.demoHosts().keySet().stream()
                .mapToInt(name -> open(name).domains().size())
                .sum();
        assertEquals(40, all);
    }

    @Test
    void migrationGivesTheNewDomainAndTakesItFromTheSource() {
        Domain guest = h1.domains().get(0);
        MigrationJob job = start(guest, null, MigrateParams.none());
        assertTrue(timers.runUntil(() -> job.result().toCompletableFuture().isDone()));

        Domain moved = job.result().toCompletableFuture().join();
        assertEquals(guest.uuid(), moved.uuid());
        assertTrue(h1.findDomain(guest.uuid()).isEmpty());
        assertTrue(h2.findDomain(guest.uuid()).orElseThrow().status().isRunning());
        JobStats last = job.stats().toCompletableFuture().join();
        assertEquals(JobStats.Type.COMPLETED, last.type());
        assertTrue(last.dataProcessed() >= guest.memoryMiB() * 1024 * 1024, () -> "sent " + last.dataProcessed());
    }

    @Test
    void hotDomainNeedsMoreRoundsAndArrives() {
        HypervisorConnection home = driver.demoHosts().keySet().stream()
                .map(this::open)
                .filter(host -> host.findDomain("db-1").isPresent())
                .findFirst()
                .orElseThrow();
        Domain hot = home.findDomain("db-1").orElseThrow();
        HypervisorConnection target = home.hostname().equals("h2") ? h1 : h2;
        MigrationJob job = home.startMigration(hot.uuid(), target, LIVE, null, null, MigrateParams.none());
        assertTrue(timers.runUntil(() -> job.result().toCompletableFuture().isDone()));
        assertTrue(job.stats().toCompletableFuture().join().iteration() > 2);
    }

    @Test
    void dnameRenames() {
        Domain guest = h1.domains().get(0);
        MigrationJob job = start(guest, "renamed", MigrateParams.none());
        timers.runUntil(() -> job.result().toCompletableFuture().isDone());
        assertEquals("renamed", job.result().toCompletableFuture().join().name());
    }

    @Test
    void abortLeavesTheDomainWhereItWas() {
        Domain guest = h1.domains().get(0);
        MigrationJob job = start(guest, null, MigrateParams.none());
        timers.advance(Duration.ofMillis(200));
        job.abort().toCompletableFuture().join();

        assertEquals(FailureCode.ABORTED, failureOf(job));
        assertTrue(h1.findDomain(guest.uuid()).orElseThrow().status().isRunning());
        assertTrue(h2.findDomain(guest.uuid()).isEmpty());
    }

    @Test
    void secondMigrationOfTheSameDomainIsRefused() {
        Domain guest = h1.domains().get(0);
        start(guest, null, MigrateParams.none());
        assertEquals(FailureCode.OPERATION_INVALID, refusal(guest, null, null, MigrateParams.none()));
    }

    @Test
    void wrongArgumentsAreRefusedWithTheirCodeAndChangeNothing() {
        Domain guest = h1.domains().get(0);
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal(guest, "", null, MigrateParams.none()));
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal(guest, null, " ", MigrateParams.none()));
        assertEquals(FailureCode.NO_SUPPORT, refusal(guest, null, null, params("no_such_param", new StringValue("x"))));
        assertEquals(FailureCode.NO_SUPPORT, refusal(guest, null, null, params("XEN_PORT", new LongValue(1))));
        assertEquals(
                FailureCode.INVALID_ARGUMENT, refusal(guest, null, null, params("bandwidth", new StringValue("10"))));
        assertEquals(List.of(), h2.domains().stream().filter(guest::equals).toList());
        assertTrue(h1.findMigration(guest.uuid(), h2).isEmpty());
    }

    private static MigrateParams params(String name, dev.drover.model.ParamValue value) {
        return MigrateParams.of(new TypedParameter(name, value));
    }

    private FailureCode refusal(Domain guest, @Nullable String dname, @Nullable String hostname, MigrateParams params) {
        return assertThrows(
                        HypervisorException.class,
                        () -> h1.startMigration(guest.uuid(), h2, LIVE, dname, hostname, params))
                .failure()
                .code();
    }

    private static FailureCode failureOf(MigrationJob job) {
        return job.result()
                .handle((domain, error) -> FailureException.failureOf(error).code())
                .toCompletableFuture()
                .join();
    }

    private MigrationJob start(Domain guest, @Nullable String dname, MigrateParams params) {
        return h1.startMigration(guest.uuid(), h2, LIVE, dname, null, params);
    }

    private HypervisorConnection open(String host) {
        return driver.open(ConnectUri.parse("sim://" + host), ConnectOptions.defaults());
    }
}
