package dev.drover.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.MigrationMode;
import dev.drover.lab.Lab;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the daemons tell of themselves is lost, or comes late: a row of the table of faults in OPERATIONS.md. */
@Tag("lab")
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EventsLabIT {

    private static final List<String> HOSTS = List.of("h1", "h2", "h3");

    private volatile Passage passage = Trap.none();
    private ProxiedHosts proxied;
    private Lab lab;
    private DroverServer server;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        server = new DroverServer();
        lab = Lab.up(HOSTS.size());
        proxied = new ProxiedHosts(HOSTS, () -> passage);
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        passage = Trap.none();
        lab.rate("off");
        server.stop();
        lab.clear();
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        proxied.close();
        lab.close();
    }

    @ParameterizedTest
    @EnumSource
    void eventsAreLost(MigrationMode mode) throws Exception {
        everythingArrives("l", mode, EventLoss.all());
    }

    @ParameterizedTest
    @EnumSource
    void eventsComeOutOfOrder(MigrationMode mode) throws Exception {
        everythingArrives("o", mode, EventLoss.order());
    }

    private void everythingArrives(String prefix, MigrationMode mode, EventLoss loss) throws Exception {
        passage = loss;
        server.start(proxied.seed(), Map.of("JAVA_OPTS", "-Ddrover.migration.mode=" + mode));
        Departure departure = Departure.underWay(server, lab, prefix, 3, List.of("h2", "h3"), "10mbit");
        lab.rate("off");
        departure.awaitArrival();
        departure.everyGuestTookTries(1);
        assertTrue(loss.hit() > 0, "there was no event to lose");
    }
}
