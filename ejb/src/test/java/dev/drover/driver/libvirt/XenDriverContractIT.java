package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.hypervisor.HypervisorDriverContract;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.lab.XenLab;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.LongValue;
import dev.drover.model.ParamValue.StringValue;
import java.io.IOException;
import java.time.Duration;
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

/**
 * The contract on two real Xen hosts. A guest is slow to start and slow to move there, so all refusals share one, and hosts
 * are cleared only after a case that started guests of its own.
 */
@Tag("xen")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class XenDriverContractIT extends HypervisorDriverContract {

    private static final AtomicInteger GUESTS = new AtomicInteger();
    private static final Set<MigrateFlag> LIVE = Set.of(MigrateFlag.LIVE);

    // an emulated host that is kept busy is slow to answer
    private static final ConnectOptions PATIENT =
            new ConnectOptions(Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(5), 12);

    private final LibvirtDriver driver = new LibvirtDriver();
    private XenLab lab;
    private HypervisorConnection source;
    private HypervisorConnection destination;
    private @Nullable Domain shared;
    private boolean used;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = XenLab.up();
        source = open("a");
        destination = open("b");
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        if (used) {
            lab.clear();
            shared = null;
            used = false;
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

    @Override
    protected HypervisorConnection source() {
        return source;
    }

    @Override
    protected HypervisorConnection destination() {
        return destination;
    }

    @Override
    protected HypervisorConnection anotherToSource() {
        return open("a");
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
        return XenLab.ADDRESS_OF_B;
    }

    // a guest that has not booted does not answer when Xen asks it to suspend, and its migration fails after a minute
    @Override
    protected Domain startGuest(String name) throws Exception {
        used = true;
        String unique = name + GUESTS.incrementAndGet();
        lab.start("a", unique);
        lab.awaitReport("a", unique);
        return source.findDomain(unique).orElseThrow();
    }

    @Override
    protected Domain guestForRefusals() throws Exception {
        Domain guest = shared;
        if (guest == null) {
            String name = "shared" + GUESTS.incrementAndGet();
            lab.start("a", name);
            guest = source.findDomain(name).orElseThrow();
            shared = guest;
        }
        return guest;
    }

    @Override
    protected void startTwin(String name) throws Exception {
        used = true;
        lab.define("b", name);
    }

    @Override
    protected <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(900, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    // it fails after more than a minute, so it is refused at once; see pausedGuestIsRefusedAtOnceAndStaysPaused
    @Override
    protected boolean movesPausedGuests() {
        return false;
    }

    @Override
    protected boolean measuresDirtyRate() {
        return false;
    }

    // a migration takes long enough as it is
    @Override
    protected void slowDown() {}

    @Override
    protected void pass() throws InterruptedException {
        Thread.sleep(100);
    }

    @Test
    void theHostItselfIsNoDomain() {
        assertTrue(source.domains().stream().noneMatch(domain -> domain.name().equals("Domain-0")));
        assertTrue(source.findDomain("Domain-0").isEmpty());
        assertTrue(source.findDomain(new UUID(0, 0)).isEmpty());
        assertEquals(FailureCode.OPERATION_INVALID, refusal(new UUID(0, 0), LIVE, MigrateParams.none()));
    }

    @Test
    void freeMemoryIsTheHypervisorsAndNotThatOfTheHostsOwnDomain() throws Exception {
        long before = destination.nodeInfo().freeMemoryMiB();
        used = true;
        lab.start("b", "weight");
        long after = destination.nodeInfo().freeMemoryMiB();
        assertTrue(before - after >= 96 && before - after < 120, before + " MiB became " + after);
    }

    @Test
    void movedGuestsMemoryIsWholeAndItsDefinitionMovesWithIt() throws Exception {
        used = true;
        lab.startDefined("a", "whole");
        lab.awaitReport("a", "whole");
        Domain guest = source.findDomain("whole").orElseThrow();
        assertTrue(guest.persistent());
        Domain moved = source.migrate(
                guest.uuid(),
                destination,
                Set.of(MigrateFlag.LIVE, MigrateFlag.PERSIST_DEST, MigrateFlag.UNDEFINE_SOURCE),
                null,
                null,
                MigrateParams.none());
        assertTrue(moved.persistent());
        lab.checkMemory("b", "whole");
        assertTrue(source.findDomain(guest.uuid()).isEmpty());
        assertFalse(lab.known("a").contains("whole"));
    }

    @Test
    void xenPortOfTheProposalNamesTheDataPort() throws Exception {
        Domain guest = startGuest("port");
        var job = source.startMigration(
                guest.uuid(), destination, LIVE, null, null, params("XEN_PORT", new LongValue(49200)));
        assertTrue(await(job.result()).status().isRunning());
    }

    @Test
    void xenResourceCannotBeKeptAndIsRefused() throws Exception {
        UUID guest = guestForRefusals().uuid();
        assertEquals(
                FailureCode.ARGUMENT_UNSUPPORTED, refusal(guest, LIVE, params("XEN_RESOURCE", new LongValue(100))));
        assertUntouched(guest);
    }

    @Test
    void dataUriThatXenDoesNotTakeIsRefusedBeforeAnythingBegins() throws Exception {
        UUID guest = guestForRefusals().uuid();
        for (String uri : new String[] {"xenmigr://b:1", "tcp://b:0", "tcp://b:99999", "tcp://", "tcp://b/x"}) {
            assertEquals(
                    FailureCode.INVALID_ARGUMENT,
                    refusal(guest, LIVE, params("migrate_uri", new StringValue(uri))),
                    uri);
        }
        assertUntouched(guest);
    }

    @Test
    void pausedGuestIsRefusedAtOnceAndStaysPaused() throws Exception {
        Domain guest = startGuest("paused");
        lab.suspend("a", guest.name());
        assertEquals(FailureCode.OPERATION_INVALID, refusal(guest.uuid(), LIVE, MigrateParams.none()));
        assertEquals(
                dev.drover.model.DomainState.PAUSED,
                source.findDomain(guest.uuid()).orElseThrow().status().state());
    }

    @Test
    void guestThatIsNotRunningIsRefused() throws Exception {
        used = true;
        lab.define("a", "off");
        UUID off = source.findDomain("off").orElseThrow().uuid();
        assertEquals(FailureCode.OPERATION_INVALID, refusal(off, LIVE, MigrateParams.none()));
    }

    @Test
    void otherUriOfTheSourceIsRefused() throws Exception {
        UUID guest = guestForRefusals().uuid();
        HypervisorConnection itself = driver.open(ConnectUri.parse("xen+tcp://127.0.0.1:17001"), PATIENT);
        HypervisorException refused = assertThrows(
                HypervisorException.class,
                () -> source.startMigration(guest, itself, LIVE, null, null, MigrateParams.none()));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
        itself.close();
        assertUntouched(guest);
    }

    private FailureCode refusal(UUID guest, Set<MigrateFlag> flags, MigrateParams params) {
        return assertThrows(
                        HypervisorException.class,
                        () -> source.startMigration(guest, destination, flags, null, null, params))
                .failure()
                .code();
    }

    private void assertUntouched(UUID guest) {
        assertTrue(source.findDomain(guest).orElseThrow().status().isRunning());
        assertTrue(source.findMigration(guest, destination).isEmpty());
        assertTrue(destination.findDomain(guest).isEmpty());
    }
}
