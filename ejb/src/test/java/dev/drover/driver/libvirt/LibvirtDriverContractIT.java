package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.hypervisor.HypervisorDriverContract;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.lab.Lab;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.LongValue;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract on real libvirt and QEMU, over TCP. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LibvirtDriverContractIT extends HypervisorDriverContract {

    private static final AtomicInteger GUESTS = new AtomicInteger();

    private final LibvirtDriver driver = new LibvirtDriver();
    private Lab lab;
    private HypervisorConnection source;
    private HypervisorConnection destination;
    private @Nullable String shared;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = Lab.up(2);
        source = open("h1");
        destination = open("h2");
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        lab.rate("off");
        lab.clearBut(shared == null ? Set.of() : Set.of(shared));
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        source.close();
        destination.close();
        driver.close();
        lab.close();
    }

    private HypervisorConnection open(String host) {
        return driver.open(ConnectUri.parse(Lab.uri(host)), ConnectOptions.defaults());
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
        return open("h1");
    }

    @Override
    protected HypervisorDriver driver() {
        return driver;
    }

    @Override
    protected ConnectUri unreachable() {
        return ConnectUri.parse("qemu+tcp://127.0.0.1:1/system");
    }

    // a name of its own for each, since all guests of a name write one serial log
    @Override
    protected Domain startGuest(String name) throws Exception {
        String unique = name + GUESTS.incrementAndGet();
        lab.start("h1", unique);
        return source.findDomain(unique).orElseThrow();
    }

    @Override
    protected Domain guestForRefusals() throws Exception {
        if (shared == null) {
            shared = startGuest("refused").name();
        }
        return source.findDomain(shared).orElseThrow();
    }

    @Override
    protected Domain startWorkingGuest(String name) throws Exception {
        String unique = name + GUESTS.incrementAndGet();
        lab.startWorking("h1", unique);
        return source.findDomain(unique).orElseThrow();
    }

    @Override
    protected Domain startWritingGuest(String name) throws Exception {
        String unique = name + GUESTS.incrementAndGet();
        lab.startWriting("h1", unique);
        return source.findDomain(unique).orElseThrow();
    }

    @Override
    protected void proveMemory(Domain started) throws Exception {
        lab.rate("off");
        lab.checkMemory(started.name());
    }

    @Override
    protected void startTwin(String name) throws Exception {
        lab.define("h2", name);
    }

    @Override
    protected <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    @Override
    protected void slowDown() throws Exception {
        lab.rate("20mbit");
    }

    @Override
    protected void pass() throws InterruptedException {
        Thread.sleep(20);
    }

    @Test
    void guestThatIsNotRunningIsRefusedByLibvirt() throws Exception {
        lab.define("h1", "offguest");
        Domain off = source.findDomain("offguest").orElseThrow();
        HypervisorException refused = assertThrows(
                HypervisorException.class,
                () -> source.migrate(
                        off.uuid(), destination, Set.of(MigrateFlag.LIVE), null, null, MigrateParams.none()));
        assertEquals(55, refused.failure().number());
        assertEquals(20, refused.domain());
    }

    @Test
    void postCopyWithoutLiveAndOfflineOfARunningGuestAreRefused() throws Exception {
        Domain guest = startGuest("flags");
        assertEquals(FailureCode.ARGUMENT_UNSUPPORTED, refusal(guest, Set.of(MigrateFlag.POSTCOPY)));
        assertEquals(
                FailureCode.OPERATION_INVALID, refusal(guest, Set.of(MigrateFlag.OFFLINE, MigrateFlag.PERSIST_DEST)));
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal(guest, Set.of(MigrateFlag.LIVE, MigrateFlag.TUNNELLED)));
        assertTrue(destination.domains().isEmpty());
    }

    private FailureCode refusal(Domain guest, Set<MigrateFlag> flags) {
        return assertThrows(
                        HypervisorException.class,
                        () -> source.startMigration(guest.uuid(), destination, flags, null, null, MigrateParams.none()))
                .failure()
                .code();
    }

    @Test
    void xenPortOfTheProposalNamesTheDataPort() throws Exception {
        Domain guest = startGuest("port");
        var job = source.startMigration(
                guest.uuid(),
                destination,
                Set.of(MigrateFlag.LIVE),
                null,
                null,
                params("XEN_PORT", new LongValue(49200)));
        assertTrue(await(job.result()).status().isRunning());
    }

    @Test
    void persistentGuestIsDefinedOnTheDestinationInstead() throws Exception {
        Domain guest = startGuest("kept");
        Domain moved = source.migrate(
                guest.uuid(),
                destination,
                Set.of(MigrateFlag.LIVE, MigrateFlag.PERSIST_DEST, MigrateFlag.UNDEFINE_SOURCE),
                null,
                null,
                MigrateParams.none());
        assertTrue(moved.persistent());
        lab.checkMemory(guest.name());
    }

    @Test
    void localhostAsDestinationIsRefused() throws Exception {
        Domain guest = startGuest("local");
        HypervisorException refused = assertThrows(
                HypervisorException.class,
                () -> PeerToPeer.of(
                        source.uri(),
                        ConnectUri.parse("qemu+tcp://localhost/system"),
                        Set.of(MigrateFlag.LIVE),
                        null,
                        null,
                        MigrateParams.none()));
        assertEquals(8, refused.failure().number());
        assertEquals(java.util.Optional.of(guest), source.findDomain(guest.uuid()));
    }
}
