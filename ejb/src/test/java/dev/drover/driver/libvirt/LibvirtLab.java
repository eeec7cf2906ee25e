package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.driver.libvirt.transport.Settings;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.lab.Lab;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;

/** Two real hosts with connections that notice within three seconds that nobody answers. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LibvirtLab {

    static final Set<MigrateFlag> LIVE = Set.of(MigrateFlag.LIVE);

    private static final AtomicInteger GUESTS = new AtomicInteger();
    private static final ConnectOptions QUICK =
            new ConnectOptions(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(1), 3);

    private final LibvirtDriver driver =
            new LibvirtDriver(Settings.ofThisMachine(), Optional.of(Path.of("target/held")));
    Lab lab;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = Lab.up(2);
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        lab.rate("off");
        lab.clear();
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        driver.close();
        lab.close();
    }

    HypervisorConnection open(String host) {
        return driver.open(ConnectUri.parse(Lab.uri(host)), QUICK);
    }

    Domain startGuest(HypervisorConnection host, String name) throws IOException, InterruptedException {
        String unique = name + GUESTS.incrementAndGet();
        lab.start("h1", unique);
        return host.findDomain(unique).orElseThrow();
    }

    static MigrationJob start(
            HypervisorConnection from,
            Domain guest,
            HypervisorConnection to,
            Set<MigrateFlag> flags,
            MigrateParams params,
            MigrationMode mode) {
        return from.startMigration(guest.uuid(), to, flags, null, null, params, mode);
    }

    static Domain moved(MigrationJob job) throws Exception {
        return job.result().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    static HypervisorException failure(MigrationJob job) throws Exception {
        try {
            throw new AssertionError("it did not fail: " + moved(job));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HypervisorException why) {
                return why;
            }
            throw e;
        }
    }

    static int refusedWith(Throwable thrown) {
        return FailureException.failureOf(thrown).number();
    }

    static void awaitCopy(MigrationJob job) throws Exception {
        await("something has been sent", () -> {
            assertTrue(!job.result().toCompletableFuture().isDone(), "it ended before it could be seen");
            return job.stats().toCompletableFuture().join().dataProcessed() > 0;
        });
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, () -> "waited too long until " + what);
            Thread.sleep(20);
        }
    }

    /** libvirt says of exactly these hosts that the guest runs there. */
    void assertRunsOn(Domain guest, String... hosts) throws IOException, InterruptedException {
        assertEquals(List.of(hosts), lab.whereRunning(guest.name()));
    }
}
