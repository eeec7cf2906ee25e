package dev.drover.it;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Tests on one server with the simulated demo fleet; each begins with every domain at rest on one host. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnDemoFleet {

    DroverServer server;
    SimulatedHosts fleet;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        server = new DroverServer();
        fleet = new SimulatedHosts(server);
        server.start(SimulatedHosts.SEED);
        fleet.awaitAll();
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        server.cancelAll();
        fleet.awaitAll();
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        server.stop();
    }
}
