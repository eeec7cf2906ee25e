package dev.drover.it;

import static dev.drover.it.DroverServer.JOBS;
import static dev.drover.it.DroverServer.await;
import static dev.drover.it.DroverServer.migrations;
import static dev.drover.it.DroverServer.moved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.lab.Lab;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Evacuations of real QEMU guests by the provisioned server. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EvacuationLabIT {

    private DroverServer server;
    private Lab lab;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = Lab.up(3);
        server = new DroverServer();
        server.start(lab.seed());
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
            server.stop();
        } finally {
            lab.close();
        }
    }

    @Test
    void restEmptiesTheHostAndOneTwinStaysBehind() throws IOException, InterruptedException {
        List<String> guests = guests("r", 8);
        // the same name under another UUID on every target
        lab.define("h2", "r1");
        lab.define("h3", "r1");

        JsonObject plan = server.rest().post("plans", "{\"host\":\"h1\"}");
        assertEquals(7, plan.getJsonArray("moves").size());
        String id = server.rest()
                .post("evacuations", "{\"plan\":\"" + plan.getString("id") + "\"}")
                .getString("id");
        JsonObject end = server.ended(id);

        assertEquals("INCOMPLETE", end.getString("state"));
        JsonObject blocked = migrations(end).stream()
                .filter(row -> row.getString("state").equals("BLOCKED"))
                .reduce((a, b) -> {
                    throw new AssertionError("more than one is blocked");
                })
                .orElseThrow();
        assertEquals("r1", blocked.getString("domain"));
        assertTrue(
                blocked.getJsonObject("reason").getString("message").contains("another domain named 'r1'"),
                blocked::toString);
        assertEquals(List.of("r1"), lab.running("h1"));
        everyGuestIsWholeAndRunsOnce(guests);
    }

    @Test
    void cliEmptiesTheHost() throws IOException, InterruptedException {
        List<String> guests = guests("c", 8);
        server.startJob("host=h1");
        JsonObject end = server.ended(server.underWay().getString("id"));

        assertEquals("COMPLETED", end.getString("state"), end::toString);
        assertEquals(List.of(), lab.running("h1"));
        everyGuestIsWholeAndRunsOnce(guests);
    }

    @Test
    void jmxEmptiesTheHostAndTellsOfIt() throws Exception {
        List<String> guests = guests("j", 8);
        try (var jmx = server.jmx()) {
            String id = (String) jmx.invoke("type=Evacuations", "startEvacuation", "h1");
            JsonObject end = server.ended(id);

            assertEquals("COMPLETED", end.getString("state"), end::toString);
            assertEquals("COMPLETED", jmx.invoke("type=Evacuations", "state", id));
            await("all eight ends were told", () -> jmx.told("COMPLETED") >= 8);
            assertTrue((int) jmx.attribute("type=ConnectionPool,host=h1", "MaxWork") > 0);
        }
        everyGuestIsWholeAndRunsOnce(guests);
    }

    @Test
    void pageEmptiesTheHostAfterShowingItsPlan() throws IOException, InterruptedException {
        List<String> guests = guests("p", 8);
        try (Page page = server.page()) {
            page.evacuate("h1", 8);
            page.awaitState("COMPLETED");
            page.screenshot(Path.of("target/page.png"));
            assertEquals(guests.stream().sorted().toList(), page.completedDomains());
            assertEquals(List.of(), page.errors());
        }
        assertEquals(List.of(), lab.running("h1"));
        everyGuestIsWholeAndRunsOnce(guests);
    }

    @Test
    void jmxMigrateReturnsTheNewDomainAndRefusesWhatIsWrong() throws Exception {
        lab.start("h1", "n1");
        try (var jmx = server.jmx()) {
            assertTrue(jmx.refusal("type=Evacuations", "startEvacuation", "h9").contains("UNKNOWN_HOST, code 1000"));
            assertTrue(jmx.refusal("type=Migrations", "migrate", "h1", "n1", "h2", "FAST", "")
                    .contains("unknown flag 'FAST'"));
            assertTrue(jmx.refusal("type=Migrations", "migrate", "h1", "n1", "h2", "LIVE", "bandwidth=fast")
                    .contains("INVALID_ARGUMENT, code 8"));
            assertTrue(jmx.refusal("type=Migrations", "migrate", "h1", "n1", "h2", "LIVE", "", Lab.address("h2"), "")
                    .contains("it is empty; leave it out to keep the domain's name"));
            assertEquals(List.of("h1"), lab.whereRunning("n1"));

            var moved = (javax.management.openmbean.CompositeData)
                    jmx.invoke("type=Migrations", "migrate", "h1", "n1", "h2", "LIVE", "destination_name=n1x");
            assertEquals("n1x", moved.get("domain"));
            assertEquals(List.of("h2"), lab.whereRunning("n1x"));
        }
    }

    @Test
    void stoppedAndRestartedJobFinishesTheRestAndMovesNothingTwice() throws IOException, InterruptedException {
        // four move at a time and go on when the job is stopped: enough must be left that had not begun
        List<String> guests = guests("s", 14);
        lab.rate("40mbit");
        try (var h2 = lab.watch("h2");
                var h3 = lab.watch("h3")) {
            long execution = server.startJob("host=h1");
            String id = server.underWay().getString("id");
            await("three have moved", () -> moved(server.evacuation(id)) >= 3);
            // the console needs seconds to start: what is left must not be done by then
            lab.rate("2mbit");
            server.cli(JOBS + ":stop-job(execution-id=" + execution + ")");
            lab.rate("off");
            await(
                    "the job has stopped",
                    () -> server.evacuation(id).getString("state").equals("PAUSED"));
            int before = moved(server.evacuation(id));
            assertTrue(before < guests.size(), "stopped too late to tell");
            server.cli(JOBS + ":restart-job(execution-id=" + execution + ")");
            JsonObject end = server.ended(id);

            assertEquals("COMPLETED", end.getString("state"), end::toString);
            everyGuestIsWholeAndRunsOnce(guests);
            for (String guest : guests) {
                assertEquals(1, h2.arrivals(guest) + h3.arrivals(guest), guest + " arrived more or less than once");
            }
        }
    }

    @Test
    void killedServerGoesOnByItselfAndMovesNothingTwice() throws IOException, InterruptedException {
        try (var h2 = lab.watch("h2");
                var h3 = lab.watch("h3")) {
            // the recorders are there long before the guests are
            List<String> guests = guests("k", 8);
            lab.rate("60mbit");
            String id = server.evacuate("h1");
            await("two have moved", () -> moved(server.evacuation(id)) >= 2);
            server.kill();
            lab.rate("off");
            server.start(lab.seed());
            JsonObject end = server.ended(id);

            assertEquals("COMPLETED", end.getString("state"), end::toString);
            everyGuestIsWholeAndRunsOnce(guests);
            for (String guest : guests) {
                assertEquals(1, h2.arrivals(guest) + h3.arrivals(guest), guest + " arrived more or less than once");
            }
        }
    }

    @Test
    void cancelLeavesEveryGuestRunningOnceWhereItIs() throws IOException, InterruptedException {
        List<String> guests = guests("x", 6);
        lab.rate("40mbit");
        String id = server.evacuate("h1");
        await("one runs", () -> migrations(server.evacuation(id)).stream()
                .anyMatch(row -> row.getString("state").equals("RUNNING")));
        assertEquals(
                202,
                server.rest().send("POST", "evacuations/" + id + "/cancel", "").statusCode());
        JsonObject end = server.ended(id);

        assertEquals("CANCELLED", end.getString("state"));
        lab.rate("off");
        everyGuestIsWholeAndRunsOnce(guests);
    }

    @Test
    void migrateRenamesAndReturnsTheNewDomain() throws IOException, InterruptedException {
        lab.start("h1", "m1");
        JsonObject started = server.rest()
                .post(
                        "migrations",
                        "{\"source\":\"h1\",\"domain\":\"m1\",\"destination\":\"h2\",\"dname\":\"m1x\",\"params\":{\"bandwidth\":100}}");
        String path = "migrations/" + started.getString("id");
        await("it has ended", () -> !Set.of("PLANNED", "RUNNING")
                .contains(server.rest().get(path).asJsonObject().getString("state")));
        JsonObject end = server.rest().get(path).asJsonObject();

        assertEquals("COMPLETED", end.getString("state"), end::toString);
        assertEquals("m1x", end.getString("newName"));
        assertEquals(List.of("h2"), lab.whereRunning("m1x"));
        assertTrue(end.getJsonNumber("bytes").longValue() > 8 * 1024 * 1024, end::toString);
    }

    @Test
    void definitionOfADomainThatDoesNotRunMovesAlone() throws IOException, InterruptedException {
        lab.define("h1", "off1");
        String call = "{\"source\":\"h1\",\"domain\":\"off1\",\"destination\":\"h2\",\"flags\":[%s]}";
        var refused = server.rest().send("POST", "migrations", call.formatted("\"LIVE\""));
        assertEquals(409, refused.statusCode(), refused::body);
        assertTrue(refused.body().contains("OFFLINE and PERSIST_DEST"), refused::body);

        String body = call.formatted("\"OFFLINE\",\"PERSIST_DEST\"");
        String path = "migrations/" + server.rest().post("migrations", body).getString("id");
        await("it has ended", () -> !Set.of("PLANNED", "RUNNING")
                .contains(server.rest().get(path).asJsonObject().getString("state")));
        JsonObject end = server.rest().get(path).asJsonObject();
        assertEquals("COMPLETED", end.getString("state"), end::toString);
        assertEquals(List.of("SHUTOFF"), states("h1", "off1"));
        assertEquals(List.of("SHUTOFF"), states("h2", "off1"));

        var again = server.rest().send("POST", "migrations", body);
        assertEquals(409, again.statusCode(), again::body);
        assertTrue(again.body().contains("undefine it there first"), again::body);
    }

    @Test
    void peerToPeerToAHostThatTheSourceCannotReachIsRefusedAtOnce() throws IOException, InterruptedException {
        lab.start("h1", "w2");
        String near = "{\"name\":\"near\",\"uri\":\"qemu+unix:///system?socket=" + lab.socket("h2") + "\"}";
        assertEquals(201, server.rest().send("POST", "hosts", near).statusCode());
        String body = "{\"source\":\"h1\",\"domain\":\"w2\",\"destination\":\"near\",\"mode\":\"PEER_TO_PEER\"}";
        var refused = server.rest().send("POST", "migrations", body);
        assertEquals(400, refused.statusCode(), refused::body);
        assertTrue(refused.body().contains("mode: PEER_TO_PEER needs"), refused::body);
        assertEquals(204, server.rest().send("DELETE", "hosts/near", "").statusCode());
        assertEquals(List.of("h1"), lab.whereRunning("w2"));
    }

    private List<String> states(String host, String name) throws IOException, InterruptedException {
        return server
                .rest()
                .get("hosts/" + host + "/domains")
                .asJsonArray()
                .getValuesAs(JsonValue::asJsonObject)
                .stream()
                .filter(domain -> domain.getString("name").equals(name))
                .map(domain -> domain.getString("state"))
                .toList();
    }

    @ParameterizedTest(name = "{0} {1} gives {2} {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "evacuations|{\"host\":\"h9\"}|404|1000",
                "evacuations|{\"host\":\"h1\",\"targets\":[\"h9\"]}|404|1000",
                "evacuations|{\"host\":\"h1\",\"targets\":[\"h1\"]}|400|8",
                "evacuations|{\"host\":\"h1\",\"policy\":\"nonsense\"}|400|8",
                "evacuations|{\"host\":\"h1\",\"deadline\":\"tomorrow\"}|400|8",
                "evacuations|{\"hots\":\"h1\"}|400|8",
                "evacuations|{\"plan\":\"00000000-0000-0000-0000-000000000000\"}|404|1001",
                "evacuations|{|400|8",
                "hosts|{\"name\":\"x\",\"uri\":\"no uri\"}|400|8",
                "hosts|{\"name\":\"x\",\"uri\":\"qemu+tcp://a:secret@b/system\"}|400|8",
                "hosts|{\"name\":\"x\",\"uri\":\"vmware://b/\"}|400|8",
                "hosts|{\"name\":\"h1\",\"uri\":\"qemu+tcp://b/system\"}|409|1005",
                "migrations|{\"source\":\"h1\",\"domain\":\"w1\",\"destination\":\"h9\"}|404|1000",
                "migrations|{\"source\":\"h1\",\"domain\":\"nobody\",\"destination\":\"h2\"}|404|42",
                "migrations|{\"source\":\"h1\",\"domain\":\"w1\",\"destination\":\"h1\"}|400|8",
                "migrations|{\"source\":\"h1\",\"domain\":\"w1\",\"destination\":\"h2\",\"flags\":[\"FAST\"]}|400|8",
                "migrations|{\"source\":\"h1\",\"domain\":\"w1\",\"destination\":\"h2\",\"dname\":\"\"}|400|8",
                "migrations|{\"source\":\"h1\",\"domain\":\"w1\",\"destination\":\"h2\",\"params\":{\"bandwidth\":\"1\"}}|400|8",
                "migrations|{\"source\":\"h1\",\"domain\":\"w1\",\"destination\":\"h2\",\"params\":{\"nope\":1}}|400|3",
                "migrations|{\"source\":\"h1\",\"domain\":\"w1\",\"destination\":\"h2\",\"flags\":[\"POSTCOPY\"]}|400|74",
            })
    void wrongInputIsRefusedWithItsCodeAndChangesNothing(String path, String body, int status, int code)
            throws IOException, InterruptedException {
        lab.start("h1", "w1");
        int evacuations = server.rest().get("evacuations").asJsonArray().size();
        var answer = server.rest().send("POST", path, body);

        assertEquals(status, answer.statusCode(), answer::body);
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        try (var reader = Json.createReader(new java.io.StringReader(answer.body()))) {
            JsonObject problem = reader.readObject();
            assertEquals(code, problem.getInt("code"), answer::body);
            assertTrue(!problem.getString("detail").contains("secret"), answer::body);
        }
        assertEquals(evacuations, server.rest().get("evacuations").asJsonArray().size());
        assertEquals(List.of("h1"), lab.whereRunning("w1"));
    }

    private List<String> guests(String prefix, int count) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            lab.start("h1", prefix + i);
            names.add(prefix + i);
        }
        return names;
    }

    private void everyGuestIsWholeAndRunsOnce(List<String> guests) throws IOException, InterruptedException {
        for (String guest : guests) {
            assertEquals(1, lab.whereRunning(guest).size(), guest + " runs on " + lab.whereRunning(guest));
            lab.checkMemory(guest);
        }
    }
}
