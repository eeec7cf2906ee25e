package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static dev.drover.it.DroverServer.migrations;

import dev.drover.lab.Lab;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * Tests on one server and the hosts of the lab; each begins with these empty. Migrations to h2 are peer to peer; to h3,
 * whose URI names a user, they are managed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class OnLabHosts {

    static final String P2P = "h2";
    static final String MANAGED = "h3";
    static final String SLOW = "10mbit";

    DroverServer server;
    Lab lab;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = LabHosts.up();
        server = new DroverServer();
        server.start(LabHosts.seed(), LabHosts.quickToNotice(settings()));
    }

    /** More system properties of the server, as {@code -Dname=value}. */
    String[] settings() {
        return new String[0];
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        lab.rate("off");
        server.cancelAll();
        lab.clear();
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        try {
            if (server != null) {
                server.stop();
            }
        } finally {
            if (lab != null) {
                lab.close();
            }
        }
    }

    Departure underWay(String prefix, String target) throws IOException, InterruptedException {
        return Departure.underWay(server, lab, prefix, 3, List.of(target), SLOW);
    }

    void awaitHost(String host, String state) throws IOException, InterruptedException {
        await(host + " is " + state, () -> state.equals(hosts().get(host)));
    }

    private Map<String, String> hosts() throws IOException, InterruptedException {
        return server.rest().get("hosts").asJsonArray().getValuesAs(JsonObject.class).stream()
                .collect(Collectors.toMap(host -> host.getString("name"), host -> host.getString("state")));
    }

    static JsonObject row(JsonObject evacuation, String guest) {
        return migrations(evacuation).stream()
                .filter(row -> row.getString("domain").equals(guest))
                .findFirst()
                .orElseThrow();
    }

    static String failure(JsonObject told) {
        return told.getJsonObject("reason").getString("failure");
    }

    static String message(JsonObject told) {
        return told.getJsonObject("reason").getString("message");
    }
}
