package dev.drover.driver.libvirt;

import static dev.drover.hypervisor.MigrationMode.MANAGED;
import static dev.drover.hypervisor.MigrationMode.PEER_TO_PEER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.hypervisor.HypervisorDriverContract;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.lab.Progress;
import dev.drover.lab.XenLab;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.LongValue;
import dev.drover.model.ParamValue.StringValue;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contract on two real Xen hosts. A guest takes half a minute to boot there, so one serves all cases: it stays booted
 * where the last case has brought it, and that host is the next case's source. It is replaced when a case has left it in
 * any other state than it found it in, or when Xen itself and libvirt do not agree on where it runs.
 */
@Tag("xen")
@Timeout(value = 12, unit = TimeUnit.MINUTES)
@ExtendWith(Progress.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class XenDriverContractIT extends HypervisorDriverContract {

    private static final AtomicInteger GUESTS = new AtomicInteger();
    private static final Set<MigrateFlag> LIVE = Set.of(MigrateFlag.LIVE);

    // an emulated host that is kept busy is slow to answer
    private static final ConnectOptions PATIENT =
            new ConnectOptions(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(5), 12);

    private final LibvirtDriver driver = new LibvirtDriver();
    private final Map<String, HypervisorConnection> hosts = new HashMap<>();
    private XenLab lab;
    private String here = "a";
    private @Nullable UUID guest;
    private boolean used;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = XenLab.up();
        connect();
    }

    private void connect() {
        XenLab.HOSTS.forEach(host -> hosts.put(host, open(host)));
    }

    @AfterEach
    void settle() throws IOException, InterruptedException {
        if (!used) {
            return;
        }
        used = false;
        UUID kept = guest;
        Optional<String> host = kept == null ? Optional.empty() : whereItIsAsItWas(kept);
        if (kept != null && host.isPresent()) {
            here = host.get();
            String name = source().findDomain(kept).orElseThrow().name();
            lab.clearBut(here, Optional.of(name));
            lab.clearBut(XenLab.other(here), Optional.empty());
            assertEquals(List.of(name), lab.known(here), "Xen itself does not say so on " + here);
            assertEquals(List.of(), lab.known(XenLab.other(here)), "Xen itself knows of more");
        } else {
            guest = null;
            clear();
        }
    }

    /** The host where the guest, and nothing else of it, runs with no job and no definition that would stay behind. */
    private Optional<String> whereItIsAsItWas(UUID domain) {
        List<String> found = XenLab.HOSTS.stream()
                .filter(host -> to(host).findDomain(domain).isPresent())
                .toList();
        return found.size() == 1
                ? found.stream().filter(host -> runsAsItWas(host, domain)).findFirst()
                : Optional.empty();
    }

    private boolean runsAsItWas(String host, UUID domain) {
        HypervisorConnection there = to(host);
        Domain found = there.findDomain(domain).orElseThrow();
        return found.status().isRunning()
                && !found.persistent()
                && there.findMigration(domain, to(XenLab.other(host))).isEmpty();
    }

    private void clear() throws IOException, InterruptedException {
        for (String host : XenLab.HOSTS) {
            try {
                lab.clearBut(host, Optional.empty());
            } catch (IOException e) {
                System.out.println("the daemon of " + host + " is restarted: " + e.getMessage());
                lab.restartDaemon(host);
                hosts.put(host, open(host));
                lab.clearBut(host, Optional.empty());
            }
        }
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        driver.close();
        if (lab != null) {
            lab.close();
        }
    }

    private HypervisorConnection open(String host) {
        return driver.open(ConnectUri.parse(XenLab.uri(host)), PATIENT);
    }

    private HypervisorConnection to(String host) {
        return Objects.requireNonNull(hosts.get(host));
    }

    private String there() {
        return XenLab.other(here);
    }

    @Override
    protected HypervisorConnection source() {
        return to(here);
    }

    @Override
    protected HypervisorConnection destination() {
        return to(there());
    }

    @Override
    protected HypervisorConnection anotherToSource() {
        return open(here);
    }

    @Override
    protected HypervisorConnection anotherToDestination() {
        throw new AssertionError("nothing is held on Xen");
    }

    @Override
    protected HypervisorDriver driver() {
        return driver;
    }

    @Override
    protected ConnectUri unreachable() {
        return ConnectUri.parse("xen+tcp://127.0.0.1:1/system");
    }

    @Override
    protected String destinationAddress() {
        return XenLab.address(there());
    }

    @Override
    protected Domain startGuest(String name) throws Exception {
        used = true;
        return guestForRefusals();
    }

    // a guest that has not booted does not answer when Xen asks it to suspend, and its migration fails after a minute
    @Override
    protected Domain guestForRefusals() throws Exception {
        UUID known = guest;
        if (known == null) {
            String name = "guest" + GUESTS.incrementAndGet();
            lab.start(here, name);
            try {
                lab.awaitReport(here, name);
            } catch (IOException e) {
                clear();
                throw e;
            }
            known = source().findDomain(name).orElseThrow().uuid();
            guest = known;
        }
        return source().findDomain(known).orElseThrow();
    }

    @Override
    protected void proveMemory(Domain started) throws Exception {
        Optional<Domain> moved = destination().findDomain(started.uuid());
        lab.checkMemory(
                moved.isPresent() ? there() : here,
                moved.orElseGet(() -> source().findDomain(started.uuid()).orElseThrow())
                        .name());
    }

    @Override
    protected void startTwin(String name) throws Exception {
        used = true;
        lab.define(there(), name);
    }

    @Override
    protected <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.MINUTES);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    // a migration takes long enough as it is
    @Override
    protected void slowDown() {}

    @Override
    protected void pass() throws InterruptedException {
        Thread.sleep(300);
    }

    @Test
    void theHostItselfIsNoDomain() {
        assertTrue(source().domains().stream().noneMatch(domain -> domain.name().equals("Domain-0")));
        assertTrue(source().findDomain("Domain-0").isEmpty());
        assertTrue(source().findDomain(new UUID(0, 0)).isEmpty());
        assertEquals(FailureCode.OPERATION_INVALID, refusal(new UUID(0, 0), LIVE, MigrateParams.none()));
    }

    @Test
    void freeMemoryIsTheHypervisorsAndNotThatOfTheHostsOwnDomain() throws Exception {
        long before = destination().nodeInfo().freeMemoryMiB();
        used = true;
        lab.start(there(), "weight");
        long after = destination().nodeInfo().freeMemoryMiB();
        assertTrue(before - after >= 96 && before - after < 120, before + " MiB became " + after);
    }

    @Test
    void movedGuestsMemoryIsWholeAndItsDefinitionMovesWithIt() throws Exception {
        Domain running = startGuest("whole");
        source().persistDomain(running.uuid());
        assertTrue(source().findDomain(running.uuid()).orElseThrow().persistent());
        Domain moved = source().migrate(
                        running.uuid(),
                        destination(),
                        Set.of(MigrateFlag.LIVE, MigrateFlag.PERSIST_DEST, MigrateFlag.UNDEFINE_SOURCE),
                        null,
                        null,
                        MigrateParams.none());
        assertTrue(moved.persistent());
        proveMemory(running);
        assertTrue(source().findDomain(running.uuid()).isEmpty());
        assertFalse(lab.known(here).contains(running.name()));
        destination().undefineDomain(running.uuid());
    }

    @Test
    void xenPortOfTheProposalNamesTheDataPort() throws Exception {
        Domain running = startGuest("port");
        var job = source().startMigration(
                        running.uuid(), destination(), LIVE, null, null, params("XEN_PORT", new LongValue(49200)));
        assertTrue(await(job.result()).status().isRunning());
    }

    @Test
    void xenResourceCannotBeKeptAndIsRefused() throws Exception {
        UUID domain = guestForRefusals().uuid();
        assertEquals(
                FailureCode.ARGUMENT_UNSUPPORTED, refusal(domain, LIVE, params("XEN_RESOURCE", new LongValue(100))));
        assertUntouched(domain);
    }

    @Test
    void dataUriThatXenDoesNotTakeIsRefusedBeforeAnythingBegins() throws Exception {
        UUID domain = guestForRefusals().uuid();
        for (String uri :
                new String[] {"xenmigr://b:1", "tcp://b:0", "tcp://b:99999", "tcp://", "tcp://b/x", "tcp://[fd00::2]"
                }) {
            assertEquals(
                    FailureCode.INVALID_ARGUMENT,
                    refusal(domain, LIVE, params("migrate_uri", new StringValue(uri))),
                    uri);
        }
        assertUntouched(domain);
    }

    @Test
    void addressOfTheSourceIsRefusedBeforeAnythingBegins() throws Exception {
        UUID domain = guestForRefusals().uuid();
        var uri = new StringValue("tcp://" + source().hostname() + ":49152");
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal(domain, LIVE, params("migrate_uri", uri)));
        assertUntouched(domain);
    }

    /**
     * The destination cannot listen at an address that nobody has; at one that each host has for itself it can, and the
     * source finds nobody. It goes on listening there, so each case has its port. libvirt's own client would leave a job
     * that keeps the guest from being changed for ever.
     */
    @ParameterizedTest
    @CsvSource({"10.77.0.9, OPERATION_FAILED", "10.0.2.15:49301, SYSTEM_ERROR"})
    void managedMigrationToAWrongAddressLeavesNoJob(String address, FailureCode code) throws Exception {
        Domain running = startGuest("unreached");
        var job = source().startMigration(
                        running.uuid(), destination(), LIVE, null, address, MigrateParams.none(), MANAGED);
        Failure why = failureOf(job);
        assertEquals(code, why.code(), why.message());
        assertUntouched(running.uuid());
        assertMovesNow(running);
    }

    /** libvirt may call the guest paused then, though it never stopped, and refuses to resume it. */
    @ParameterizedTest
    @CsvSource({"10.77.0.9, OPERATION_FAILED", "10.0.2.15:49302, SYSTEM_ERROR"})
    void peerToPeerMigrationToAWrongAddressLeavesAGuestThatIsSeenToRun(String address, FailureCode code)
            throws Exception {
        Domain running = startGuest("unreached");
        var job = source().startMigration(
                        running.uuid(), destination(), LIVE, null, address, MigrateParams.none(), PEER_TO_PEER);
        Failure why = failureOf(job);
        assertEquals(code, why.code(), why.message());
        assertUntouched(running.uuid());
        assertMovesNow(running);
    }

    private void assertMovesNow(Domain running) throws Exception {
        var job = source().startMigration(running.uuid(), destination(), LIVE, null, null, MigrateParams.none());
        assertTrue(await(job.result()).status().isRunning());
        assertTrue(source().findDomain(running.uuid()).isEmpty());
        proveMemory(running);
    }

    private Failure failureOf(MigrationJob job) throws Exception {
        return await(job.result().handle((domain, error) -> {
            assertNotNull(error, "it moved");
            return FailureException.failureOf(error);
        }));
    }

    @Test
    void guestThatIsNotRunningIsRefused() throws Exception {
        used = true;
        lab.define(here, "off");
        UUID off = source().findDomain("off").orElseThrow().uuid();
        assertEquals(FailureCode.OPERATION_INVALID, refusal(off, LIVE, MigrateParams.none()));
    }

    @Test
    void otherUriOfTheSourceIsRefused() throws Exception {
        UUID domain = guestForRefusals().uuid();
        HypervisorConnection itself =
                driver.open(ConnectUri.parse(XenLab.uri(here).replace("/system", "")), PATIENT);
        HypervisorException refused = assertThrows(HypervisorException.class, () -> source().startMigration(
                        domain, itself, LIVE, null, null, MigrateParams.none()));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
        itself.close();
        assertUntouched(domain);
    }

    private FailureCode refusal(UUID domain, Set<MigrateFlag> flags, MigrateParams params) {
        return assertThrows(HypervisorException.class, () -> source().startMigration(
                                domain, destination(), flags, null, null, params))
                .failure()
                .code();
    }

    private void assertUntouched(UUID domain) {
        assertTrue(source().findDomain(domain).orElseThrow().status().isRunning());
        assertTrue(source().findMigration(domain, destination()).isEmpty());
        assertTrue(destination().findDomain(domain).isEmpty());
    }
}
