package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static dev.drover.it.DroverServer.migrations;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.lab.Lab;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of an evacuation when something of the hosts fails during its copies: the rows of the table of faults in
 * OPERATIONS.md. Migrations to h2 are peer to peer; to h3, whose URI names a user, they are managed.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsLabIT {

    private static final String P2P = "h2";
    private static final String MANAGED = "h3";
    private static final String SLOW = "10mbit";

    private DroverServer server;
    private Lab lab;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = LabHosts.up();
        server = new DroverServer();
        server.start(LabHosts.seed(), LabHosts.quickToNotice());
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

    private Departure underWay(String prefix, String target) throws IOException, InterruptedException {
        return Departure.underWay(server, lab, prefix, 3, List.of(target), SLOW);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void destinationDaemonIsKilled(String target) throws Exception {
        Departure departure = underWay("dk" + target, target);
        lab.killDaemon(target);
        departure.awaitAlerts("HOST_OFFLINE");
        awaitHost(target, "OFFLINE");
        lab.rate("off");
        lab.startDaemon(target);
        departure.awaitArrival();
        departure.everyGuestTookTries(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void destinationDaemonHangs(String target) throws Exception {
        Departure departure = underWay("dh" + target, target);
        lab.signalDaemon(target, "STOP");
        try {
            departure.awaitAlerts("HOST_OFFLINE");
            awaitHost(target, "OFFLINE");
            lab.rate("off");
        } finally {
            lab.signalDaemon(target, "CONT");
        }
        departure.awaitArrival();
    }

    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void sourceDaemonIsKilled(String target) throws Exception {
        Departure departure = underWay("sk" + target, target);
        lab.killDaemon("h1");
        departure.awaitAlerts("HOST_OFFLINE");
        awaitHost("h1", "OFFLINE");
        lab.rate("off");
        lab.startDaemon("h1");
        departure.awaitArrival();
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void sourceDaemonHangs(String target) throws Exception {
        Departure departure = underWay("sh" + target, target);
        lab.signalDaemon("h1", "STOP");
        try {
            departure.awaitAlerts("HOST_OFFLINE");
            awaitHost("h1", "OFFLINE");
            lab.rate("off");
        } finally {
            lab.signalDaemon("h1", "CONT");
        }
        departure.awaitArrival();
    }

    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void sourceQemuDies(String target) throws Exception {
        Departure departure = underWay("sq" + target, target);
        String lost = "sq" + target + "2";
        lab.killQemu("h1", lost);
        lab.rate("off");
        JsonObject end = departure.awaitEnd("INCOMPLETE");

        JsonObject row = row(end, lost);
        assertEquals("FAILED", row.getString("state"));
        assertEquals("OUTCOME_UNKNOWN", failure(row));
        assertTrue(message(row).contains("'" + lost + "' is active on neither h1 nor " + target), row::toString);
        assertEquals("OUTCOME_UNKNOWN", failure(end));
        assertTrue(message(end).contains(lost), end::toString);
        assertEquals(Map.of(), lab.copies(departure.uuid(lost)));
        assertEquals(2, DroverServer.moved(end));
        assertEquals(List.of("OUTCOME_UNKNOWN"), departure.alertCodes());

        departure.acknowledge(row, "its QEMU was killed; not started again");
        assertEquals(List.of(), departure.alertCodes());
        assertEquals(1, departure.steps("ACKNOWLEDGE").get(lost));
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void destinationQemuDies(String target) throws Exception {
        Departure departure = underWay("dq" + target, target);
        lab.killQemu(target, "dq" + target + "2");
        lab.rate("off");
        departure.awaitArrival();
        assertEquals(
                Map.of("dq" + target + "1", 1L, "dq" + target + "2", 2L, "dq" + target + "3", 1L),
                departure.steps("BEGIN"));
    }

    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void linkIsCutForASecond(String target) throws Exception {
        Departure departure = underWay("c1" + target, target);
        cut(target, 1);
        lab.rate("off");
        departure.awaitArrival();
        departure.everyGuestTookTries(1);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void destinationIsOutOfMemory(String target) throws Exception {
        Map<String, java.util.UUID> guests = Departure.guests(lab, "om" + target, 3);
        lab.memory(target, "64");
        try {
            Departure departure = Departure.begin(server, lab, guests, "h1", List.of(target));
            JsonObject end = departure.awaitEnd("INCOMPLETE");
            assertEquals("HOST_NOT_EMPTY", failure(end));
            for (JsonObject row : migrations(end)) {
                assertEquals("HYPERVISOR_ERROR", failure(row), row::toString);
                assertTrue(message(row).contains("Cannot allocate memory"), row::toString);
            }
            departure.everyGuestRunsOnceOn(List.of("h1"));
            departure.everyGuestIsWhole();
            departure.everyGuestBegan(3);
        } finally {
            lab.memory(target, "off");
        }
        Departure.begin(server, lab, guests, "h1", List.of(target)).awaitArrival();
    }

    private void cut(String host, int seconds) throws IOException, InterruptedException {
        lab.link(host, false);
        Thread.sleep(seconds * 1000L);
        lab.link(host, true);
    }

    private void awaitHost(String host, String state) throws IOException, InterruptedException {
        await(host + " is " + state, () -> state.equals(hosts().get(host)));
    }

    private Map<String, String> hosts() throws IOException, InterruptedException {
        return server.rest().get("hosts").asJsonArray().getValuesAs(JsonObject.class).stream()
                .collect(Collectors.toMap(host -> host.getString("name"), host -> host.getString("state")));
    }

    private static JsonObject row(JsonObject evacuation, String guest) {
        return migrations(evacuation).stream()
                .filter(row -> row.getString("domain").equals(guest))
                .findFirst()
                .orElseThrow();
    }

    private static String failure(JsonObject told) {
        return told.getJsonObject("reason").getString("failure");
    }

    private static String message(JsonObject told) {
        return told.getJsonObject("reason").getString("message");
    }
}
