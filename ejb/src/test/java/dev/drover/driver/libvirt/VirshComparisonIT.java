package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrateCall;
import dev.drover.hypervisor.VirshComparison;
import dev.drover.lab.CClient;
import dev.drover.lab.Lab;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The same calls through libvirt's C library, which virsh calls too, and through Drover, on the same daemons: they end
 * with the same code, or the table of {@link VirshComparison} says why not.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VirshComparisonIT {

    private final LibvirtDriver driver = new LibvirtDriver();
    private Lab lab;
    private CClient virsh;
    private HypervisorConnection source;
    private HypervisorConnection destination;
    private int guests;
    private String guest = "none yet";

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = Lab.up(2);
        virsh = CClient.compile();
        source = driver.open(ConnectUri.parse(Lab.uri("h1")), ConnectOptions.defaults());
        destination = driver.open(ConnectUri.parse(Lab.uri("h2")), ConnectOptions.defaults());
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        source.close();
        destination.close();
        driver.close();
        lab.close();
    }

    @Test
    void bothClientsAgreeOrTheTableSaysWhyNot() throws Exception {
        List<String> table = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (VirshComparison.Row row : VirshComparison.rows().toList()) {
            MigrateCall call = MigrateCall.of(row.line().replace("//h2", "//" + Lab.address("h2")));
            int theirs = throughTheLibrary(call);
            int ours = throughDrover(call);
            table.add("| `" + row.shown() + "` | " + VirshComparison.shown(row, theirs) + " | " + ours + " | "
                    + row.reason() + " |");
            if ((theirs == ours) == !row.reason().isEmpty()) {
                wrong.add(row.line() + ": library " + theirs + ", Drover " + ours + ", reason '" + row.reason() + "'");
            }
        }
        Path file = Path.of(System.getProperty("comparison.folder", "target"), "virsh-comparison.md");
        Files.write(file, VirshComparison.document(table));
        assertTrue(wrong.isEmpty(), () -> String.join("\n", wrong));
        assertTrue(table.size() >= 60, "rows: " + table.size());
        assertEquals(
                Files.readAllLines(VirshComparison.DOCUMENT),
                Files.readAllLines(file),
                () -> "out of date: cp " + file + " " + VirshComparison.DOCUMENT);
    }

    private int throughTheLibrary(MigrateCall call) throws Exception {
        ensureGuest();
        Set<MigrateFlag> flags = EnumSet.noneOf(MigrateFlag.class);
        flags.addAll(call.flags());
        // as Drover does by itself; a tunnel without it is the mistake of one row
        if (!flags.contains(MigrateFlag.TUNNELLED)) {
            flags.add(MigrateFlag.PEER2PEER);
        }
        MigrateParams params = call.dname() == null
                ? call.params()
                : call.params()
                        .with(
                                dev.drover.model.MigrateParam.DESTINATION_NAME,
                                new dev.drover.model.ParamValue.StringValue(call.dname()));
        int code = virsh.migrate(Lab.uri("h1"), guest, Lab.uri("h2"), MigrateFlag.mask(flags), params);
        leave();
        return code;
    }

    private int throughDrover(MigrateCall call) throws Exception {
        ensureGuest();
        Domain domain = source.findDomain(guest).orElseThrow();
        try {
            source.startMigration(
                            domain.uuid(), destination, call.flags(), call.dname(), call.hostname(), call.params())
                    .result()
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            return 0;
        } catch (HypervisorException e) {
            return e.failure().number();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof HypervisorException failed) {
                return failed.failure().number();
            }
            throw e;
        } finally {
            leave();
        }
    }

    private void ensureGuest() throws IOException, InterruptedException {
        if (source.findDomain(guest).filter(there -> there.status().isRunning()).isEmpty()) {
            guest = "compared" + ++guests;
            lab.start("h1", guest);
        }
    }

    // whatever has come to the destination goes; on the source the guest is there still, or gone by itself
    private void leave() {
        for (Domain domain : destination.domains()) {
            if (domain.persistent()) {
                destination.undefineDomain(domain.uuid());
            }
            if (domain.status().isActive()) {
                destination.destroyDomain(domain.uuid());
            }
        }
    }
}
