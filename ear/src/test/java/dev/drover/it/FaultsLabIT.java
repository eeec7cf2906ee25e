package dev.drover.it;

import static dev.drover.it.DroverServer.migrations;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of an evacuation when something of the hosts fails during its copies: rows of the table of faults in
 * OPERATIONS.md.
 */
@Tag("lab")
class FaultsLabIT extends OnLabHosts {

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

    @Tag("long")
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

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void destinationDaemonIsTerminated(String target) throws Exception {
        Departure departure = underWay("dt" + target, target);
        lab.signalDaemon(target, "TERM");
        lab.rate("off");
        lab.startDaemon(target);
        departure.awaitArrival();
    }

    /** Peer to peer, libvirtd lets what it drives come to its end before it goes. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void sourceDaemonIsTerminated(String target) throws Exception {
        Departure departure = underWay("st" + target, target);
        lab.signalDaemon("h1", "TERM");
        lab.rate("off");
        lab.startDaemon("h1");
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
}
