package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.driver.libvirt.transport.Settings;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.hypervisor.HypervisorDriverContract;
import dev.drover.lab.Lab;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** The contract on real libvirt and QEMU; subclasses say by which URIs the two hosts are reached. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LibvirtLabContract extends HypervisorDriverContract {

    // to log in by ssh or SASL takes its time on a busy machine
    private static final ConnectOptions PATIENT =
            new ConnectOptions(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(5), 5);
    private static final AtomicInteger GUESTS = new AtomicInteger();

    private final LibvirtDriver driver =
            new LibvirtDriver(Settings.ofThisMachine(), Optional.of(Path.of("target/held")));
    Lab lab;
    HypervisorConnection source;
    HypervisorConnection destination;
    private @Nullable String shared;
    /** Whether the case has changed anything in the lab, so that it must be cleared; refusals do not. */
    protected boolean used;

    /** Of h1, where guests start. */
    ConnectUri sourceUri() {
        return ConnectUri.parse(Lab.uri("h1"));
    }

    /** Of h2; the source's daemon must reach it too. */
    ConnectUri destinationUri() {
        return ConnectUri.parse(Lab.uri("h2"));
    }

    /** Readies the hosts for these URIs. */
    void prepare() throws IOException, InterruptedException {}

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = Lab.up(2);
        prepare();
        source = open(sourceUri());
        destination = open(destinationUri());
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        if (used) {
            lab.rate("off");
            lab.clearBut(shared == null ? Set.of() : Set.of(shared));
            used = false;
        }
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        source.close();
        destination.close();
        driver.close();
        lab.close();
    }

    private HypervisorConnection open(ConnectUri uri) {
        return driver.open(uri, PATIENT);
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
        return open(sourceUri());
    }

    @Override
    protected HypervisorConnection anotherToDestination() {
        return open(destinationUri());
    }

    @Override
    protected HypervisorDriver driver() {
        return driver;
    }

    @Override
    protected ConnectUri unreachable() {
        return ConnectUri.parse("qemu+tcp://127.0.0.1:1/system");
    }

    private interface Start {
        void on(String host, String guest) throws IOException, InterruptedException;
    }

    // a name of its own for each, since all guests of a name write one serial log
    private Domain started(String name, Start start) throws IOException, InterruptedException {
        String unique = name + GUESTS.incrementAndGet();
        used = true;
        start.on("h1", unique);
        return source.findDomain(unique).orElseThrow();
    }

    @Override
    protected Domain startGuest(String name) throws Exception {
        return started(name, lab::start);
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
        return started(name, lab::startWorking);
    }

    @Override
    protected Domain startWritingGuest(String name) throws Exception {
        return started(name, lab::startWriting);
    }

    @Override
    protected Domain startGuestWithDisk(String name) throws Exception {
        return started(name, lab::startWithDisk);
    }

    @Override
    protected void proveDisk(Domain started) throws Exception {
        assertEquals(
                -1,
                Files.mismatch(lab.disk("h1", started.name()), lab.disk("h2", started.name())),
                "bytes of the disk");
    }

    @Override
    protected void proveMemory(Domain started) throws Exception {
        lab.rate("off");
        lab.checkMemory(started.name());
    }

    @Override
    protected void startTwin(String name) throws Exception {
        used = true;
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
}
