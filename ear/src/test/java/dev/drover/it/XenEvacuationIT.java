package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static dev.drover.it.DroverServer.migrations;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.lab.XenLab;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An evacuation of real Xen guests by the provisioned server, judged by Xen, libvirt and the guests themselves. */
@Tag("xen")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class XenEvacuationIT {

    private static final List<String> GUESTS = List.of("e1", "e2", "e3");
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    // emulated hosts answer slowly while they migrate
    private static final Map<String, String> PATIENT = Map.of(
            "PREPEND_JAVA_OPTS",
            "-Ddrover.pool.connect-timeout=PT30S -Ddrover.pool.call-deadline=PT60S -Ddrover.pool.keepalive-count=12");

    private DroverServer server;
    private XenLab lab;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = XenLab.up();
        server = new DroverServer();
        server.start(lab.seed(), PATIENT);
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

    @Test
    void restEmptiesTheHostAndEveryGuestRunsOnceWithItsMemoryWhole() throws IOException, InterruptedException {
        for (String guest : GUESTS) {
            lab.start("a", guest);
        }
        for (String guest : GUESTS) {
            lab.awaitReport("a", guest);
        }
        assertEquals(Set.copyOf(GUESTS), domains("a"));
        assertEquals(3, host("a").getInt("domains"), "Domain-0 is not to be counted");

        JsonObject plan = server.rest().post("plans", "{\"host\":\"a\"}");
        assertEquals(3, plan.getJsonArray("moves").size(), plan::toString);
        assertEquals(
                List.of("NO_ABORT", "NO_THROTTLE", "NO_PROGRESS"),
                plan.getJsonArray("limits")
                        .getValuesAs(limit -> limit.asJsonObject().getString("limit")));

        String id = server.rest()
                .post("evacuations", "{\"plan\":\"" + plan.getString("id") + "\"}")
                .getString("id");
        // before that it could be called off
        List<JsonObject> copied = new ArrayList<>();
        await(PATIENCE, "one is being copied", () -> copied.addAll(copied(id)));
        abortIsRefusedInClearWords(copied.get(0));
        JsonObject end = server.ended(id, PATIENCE);

        migrations(end)
                .forEach(migration -> System.out.printf(
                        "%s %s after %d ms%n",
                        migration.getString("domain"), migration.getString("state"), migration.getInt("durationMs")));
        assertEquals("COMPLETED", end.getString("state"), end::toString);
        assertEquals(List.of(), lab.running("a"));
        for (String guest : GUESTS) {
            assertEquals(List.of("b"), lab.whereRunning(guest));
            lab.checkMemory("b", guest);
        }
        assertEquals(List.of(), lab.known("a"), "Xen itself still knows of guests");
        assertEquals(GUESTS, lab.known("b").stream().sorted().toList());
    }

    private void abortIsRefusedInClearWords(JsonObject migration) throws IOException, InterruptedException {
        var answer = server.rest().send("DELETE", "migrations/" + migration.getString("id"), "");
        assertEquals(400, answer.statusCode(), answer::body);
        assertTrue(answer.body().contains("\"code\":3"), answer::body);
        assertTrue(answer.body().contains("cannot abort"), answer::body);
    }

    // Xen names a domain that comes in with an ending of its own
    private List<JsonObject> copied(String id) throws IOException, InterruptedException {
        List<String> known = lab.known("b");
        return migrations(server.evacuation(id)).stream()
                .filter(migration -> migration.getString("state").equals("RUNNING"))
                .filter(migration -> known.stream().anyMatch(name -> name.startsWith(migration.getString("domain"))))
                .toList();
    }

    private JsonObject host(String name) throws IOException, InterruptedException {
        return server.rest().get("hosts").asJsonArray().getValuesAs(JsonValue::asJsonObject).stream()
                .filter(host -> host.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Set<String> domains(String host) throws IOException, InterruptedException {
        return server
                .rest()
                .get("hosts/" + host + "/domains")
                .asJsonArray()
                .getValuesAs(JsonValue::asJsonObject)
                .stream()
                .map(domain -> domain.getJsonString("name"))
                .map(JsonString::getString)
                .collect(Collectors.toSet());
    }
}
