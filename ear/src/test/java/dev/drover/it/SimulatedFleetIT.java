package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static dev.drover.it.DroverServer.migrations;
import static dev.drover.it.DroverServer.moved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The provisioned server on the simulated fleet, for what needs no hypervisor: the surfaces, what they refuse, who may
 * do what. One host is of a kind that cannot rename, one does not answer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatedFleetIT {

    private static final String HOSTS =
            "h1=sim://h1,h2=sim://h2,h3=sim://h3,old=sim://h4?rename=no,dead=qemu+tcp://127.0.0.1:1/system,gone=sim://nowhere";

    private DroverServer server;
    private String before = "";

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        server = new DroverServer();
        server.start(HOSTS);
        await(
                "all hosts have been looked at",
                () -> host("dead").getString("state").equals("OFFLINE")
                        && host("old").getString("state").equals("ONLINE"));
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        server.cancelAll();
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        server.stop();
    }

    private JsonObject host(String name) throws IOException, InterruptedException {
        return server.rest().get("hosts").asJsonArray().getValuesAs(JsonValue::asJsonObject).stream()
                .filter(host -> host.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** In no order: whoever comes back may come last. */
    private Set<String> domains(String host) throws IOException, InterruptedException {
        return server.rest().get("hosts/" + host + "/domains").asJsonArray().stream()
                .map(JsonValue::toString)
                .collect(Collectors.toSet());
    }

    /** Where every domain is, what was ever started, which hosts there are. */
    private String everything() throws IOException, InterruptedException {
        var places = new TreeSet<String>();
        for (String host : List.of("h1", "h2", "h3", "old")) {
            places.add(host + ": " + server.rest().get("hosts/" + host + "/domains"));
        }
        for (JsonValue host : server.rest().get("hosts").asJsonArray()) {
            places.add(host.asJsonObject().getString("name"));
        }
        server.evacuations().forEach(one -> places.add(one.getString("id")));
        return String.join("\n", places);
    }

    @ParameterizedTest(name = "REST {0} {1} gives {2} {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "evacuations|{\"host\":\"dead\"}|502|1200",
                "evacuations|{\"host\":\"\"}|400|8",
                "evacuations|{\"host\":\"h1\",\"deadline\":\"2001-01-01T00:00:00Z\"}|400|8",
                "plans|{\"host\":\"h1\",\"targets\":[\"dead\"]}|200|0",
                "hosts|{\"name\":\"a b\",\"uri\":\"sim://h1\"}|400|8",
                "hosts|{\"name\":\"x\",\"uri\":\"qemu+tcp://b:99999/system\"}|400|8",
                "hosts|{\"name\":\"x\",\"uri\":\"qemu+tcp:/system\"}|400|8",
                "hosts|{\"name\":\"x\",\"uri\":\"qemu+tcp://b/system?password=secret\"}|400|8",
                "migrations|{\"source\":\"old\",\"domain\":\"build-4\",\"destination\":\"h1\",\"dname\":\"other\"}|400|74",
                "migrations|{\"source\":\"h1\",\"domain\":\"web-1\",\"destination\":\"gone\"}|502|1200",
                "migrations|{\"source\":\"gone\",\"domain\":\"web-1\",\"destination\":\"h1\"}|502|1200",
                "migrations|{\"source\":\"h1\",\"domain\":\"web-1\",\"destination\":\"h2\",\"hostname\":\"\"}|400|8",
                "migrations|{\"source\":\"h1\",\"domain\":\"web-1\",\"destination\":\"h2\",\"params\":{\"XEN_PORT\":1}}|400|3",
                "migrations|{\"source\":\"h1\",\"domain\":\"web-1\",\"destination\":\"h2\",\"flags\":\"LIVE\"}|400|8",
                "migrations|{\"source\":\"h1\",\"domain\":\"web-1\",\"destination\":\"h2\",\"flags\":[\"LIVE\",\"POSTCOPY\"],\"mode\":\"MANAGED\"}|400|74",
                "migrations|[]|400|8",
                "migrations|{\"source\":\"h1\",\"domain\":\"web-1\",\"destination\":\"h2\",\"mode\":\"DIRECT\"}|400|8",
                "migrations/00000000-0000-0000-0000-000000000000/post-copy|''|404|1003",
                "migrations/00000000-0000-0000-0000-000000000000/speed|{\"mebibytesPerSecond\":1}|404|1003",
                "migrations/00000000-0000-0000-0000-000000000000/speed|{\"mebibytesPerSecond\":0}|400|8",
                "migrations/00000000-0000-0000-0000-000000000000/speed|{\"megabits\":1}|400|8",
                "migrations/00000000-0000-0000-0000-000000000000/downtime|{\"milliseconds\":\"x\"}|400|8",
                "migrations/00000000-0000-0000-0000-000000000000/downtime|{\"milliseconds\":0}|400|8",
            })
    void restRefusesWithTheCodeAndChangesNothing(String path, String body, int status, int code) throws Exception {
        before = everything();
        HttpResponse<String> answer = server.rest().send("POST", path, body);

        assertEquals(status, answer.statusCode(), answer::body);
        if (status != 200) {
            JsonObject problem = problem(answer);
            assertEquals(code, problem.getInt("code"), answer::body);
            assertFalse(answer.body().contains("secret"), answer::body);
        }
        assertEquals(before, everything());
    }

    private static JsonObject problem(HttpResponse<String> answer) {
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        try (var reader = Json.createReader(new StringReader(answer.body()))) {
            JsonObject problem = reader.readObject();
            for (String field : List.of("title", "detail", "kind")) {
                assertFalse(problem.getString(field).isBlank(), answer::body);
            }
            assertEquals(answer.statusCode(), problem.getInt("status"));
            return problem;
        }
    }

    @ParameterizedTest(name = "JMX {1}({2}) gives {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "Evacuations|startEvacuation|h9|UNKNOWN_HOST, code 1000",
                "Evacuations|startEvacuation|dead|HOST_OFFLINE, code 1200",
                "Evacuations|planEvacuation|h9|UNKNOWN_HOST, code 1000",
                "Evacuations|startEvacuation|h1;h9;;|UNKNOWN_HOST, code 1000",
                "Evacuations|startEvacuation|h1;;nonsense;|INVALID_ARGUMENT, code 8",
                "Evacuations|startEvacuation|h1;;;tomorrow|INVALID_ARGUMENT, code 8",
                "Evacuations|pause|no id|INVALID_ARGUMENT, code 8",
                "Evacuations|pause|00000000-0000-0000-0000-000000000000|UNKNOWN_EVACUATION, code 1002",
                "Migrations|migrate|h1;web-1;h9|UNKNOWN_HOST, code 1000",
                "Migrations|migrate|h1;nobody;h2|NO_DOMAIN, code 42",
                "Migrations|migrate|h1;web-1;gone|HOST_OFFLINE, code 1200",
                "Migrations|startMigration|h1;web-1;h2;FAST;|INVALID_ARGUMENT, code 8",
                "Migrations|startMigration|h1;web-1;h2;LIVE;bandwidth=fast|INVALID_ARGUMENT, code 8",
                "Migrations|startMigration|h1;web-1;h2;LIVE;nope=1|NO_SUPPORT, code 3",
                "Migrations|startMigration|h1;web-1;h2;POSTCOPY;|ARGUMENT_UNSUPPORTED, code 74",
                "Migrations|startMigration|old;build-4;h1;LIVE;destination_name=x|ARGUMENT_UNSUPPORTED, code 74",
                "Migrations|startMigration|h1;web-1;h2;LIVE;;;;DIRECT|INVALID_ARGUMENT, code 8",
                "Migrations|startPostCopy|00000000-0000-0000-0000-000000000000|UNKNOWN_MIGRATION, code 1003",
                "Migrations|migration|00000000-0000-0000-0000-000000000000|UNKNOWN_MIGRATION, code 1003",
            })
    void jmxRefusesWithTheCodeAndChangesNothing(String bean, String operation, String arguments, String code)
            throws Exception {
        before = everything();
        try (var jmx = server.jmx()) {
            String refusal = jmx.refusal("type=" + bean, operation, arguments.split(";", -1));
            assertTrue(refusal.contains(code), refusal);
        }
        assertEquals(before, everything());
    }

    @ParameterizedTest(name = "jboss-cli {0} fails with {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "host=h9|UNKNOWN_HOST",
                "host=dead|HOST_OFFLINE",
                "host=h1,targets=h9|UNKNOWN_HOST",
                "host=h1,deadline=tomorrow|INVALID_ARGUMENT",
                "host=h1,policy=nonsense|INVALID_ARGUMENT",
                "target=h2|INVALID_ARGUMENT",
            })
    void jobFailsWithTheCodeAndChangesNothing(String properties, String code) throws Exception {
        before = everything();
        String execution = server.job(server.startJob(properties), "FAILED");
        assertTrue(execution.contains(code + ": "), execution);
        assertEquals(before, everything());
    }

    @Test
    void hugeBodyIsRefused() throws Exception {
        assertEquals(
                413,
                server.rest()
                        .send("POST", "evacuations", "x".repeat(10 * 1024 * 1024))
                        .statusCode());
        assertEquals(
                413,
                server.rest()
                        .send("POST", "migrations", "{\"source\":\"" + "x".repeat(2 * 1024 * 1024) + "\"}")
                        .statusCode());
    }

    @Test
    void strangersSeeNothingAndViewersChangeNothing() throws Exception {
        assertEquals(
                401, server.restAs("operator", "wrong").send("GET", "hosts", "").statusCode());
        var viewer = server.restAs("viewer", server.addViewer());
        await("the new user is known", () -> viewer.send("GET", "hosts", "").statusCode() == 200);
        assertEquals(
                403, viewer.send("POST", "evacuations", "{\"host\":\"h1\"}").statusCode());
        assertEquals(403, viewer.send("DELETE", "hosts/h1", "").statusCode());
        String migration = "migrations/" + new java.util.UUID(0, 0);
        assertEquals(403, viewer.send("POST", migration + "/post-copy", "").statusCode());
        assertEquals(
                403,
                viewer.send("POST", migration + "/speed", "{\"mebibytesPerSecond\":1}")
                        .statusCode());
        assertEquals(
                403,
                viewer.send("POST", migration + "/downtime", "{\"milliseconds\":1}")
                        .statusCode());
    }

    @Test
    void evacuationIsToldFromFirstToLastAndCanBeBroughtBack() throws Exception {
        Set<String> before = domains("h2");
        try (var events = server.events("")) {
            String id = server.evacuate("h2");
            JsonObject end = server.ended(id);
            assertEquals("COMPLETED", end.getString("state"), end::toString);
            assertEquals(10, moved(end));
            assertEquals(1.0, end.getJsonNumber("progress").doubleValue());
            assertEquals("[]", server.rest().get("hosts/h2/domains").toString());
            assertEquals("MAINTENANCE", host("h2").getString("state"));

            events.awaitData(id, "COMPLETED", "\"type\":\"EVACUATION\"");
            List<Long> ids = events.ids();
            assertEquals(ids.stream().sorted().distinct().toList(), ids, "each once, in order");
            try (var later = server.events(String.valueOf(ids.get(ids.size() - 3)))) {
                later.awaitData(id, "COMPLETED", "\"type\":\"EVACUATION\"");
                await("both are told", () -> later.ids().size() >= 2);
                assertEquals(
                        ids.subList(ids.size() - 2, ids.size()), later.ids().subList(0, 2));
            }
            String back =
                    server.rest().post("evacuations/" + id + "/return", "").getString("id");
            JsonObject returned = server.ended(back);
            assertEquals("COMPLETED", returned.getString("state"), returned::toString);
        }
        assertEquals(before, domains("h2"));
    }

    @Test
    void whatWasAnsweredIsOnDiskWhenTheServerIsKilledAtOnce() throws Exception {
        String id = server.evacuate("h1");
        server.kill();
        server.start(HOSTS);
        assertEquals(id, server.evacuation(id).getString("id"));
    }

    @Test
    void pausedEvacuationStartsNothingAndResumes() throws Exception {
        String id = server.evacuate("h3");
        await("one has moved", () -> moved(server.evacuation(id)) >= 1);
        assertEquals(
                202,
                server.rest().send("POST", "evacuations/" + id + "/pause", "").statusCode());
        await("it is paused", () -> server.evacuation(id).getString("state").equals("PAUSED"));
        await("what ran has ended", () -> migrations(server.evacuation(id)).stream()
                .noneMatch(row -> row.getString("state").equals("RUNNING")));
        int moved = moved(server.evacuation(id));
        assertTrue(moved < 10, "paused too late to tell");
        assertEquals(
                202,
                server.rest().send("POST", "evacuations/" + id + "/resume", "").statusCode());
        assertEquals("COMPLETED", server.ended(id).getString("state"));
        server.ended(server.rest().post("evacuations/" + id + "/return", "").getString("id"));
    }

    @Test
    void migrationUnderWayTakesASpeedADowntimeAndPostCopy() throws Exception {
        // hot, and too slow ever to converge
        String id = server.rest()
                .post(
                        "migrations",
                        "{\"source\":\"h3\",\"domain\":\"db-1\",\"destination\":\"h1\",\"flags\":[\"LIVE\",\"POSTCOPY\"],"
                                + "\"params\":{\"bandwidth\":50},\"mode\":\"PEER_TO_PEER\"}")
                .getString("id");
        String migration = "migrations/" + id;
        await("it sends", () -> server.rest().get(migration).asJsonObject().getInt("bytes") > 0);
        for (String[] verb : List.of(
                new String[] {"/speed", "{\"mebibytesPerSecond\":60}"},
                new String[] {"/downtime", "{\"milliseconds\":100}"},
                new String[] {"/post-copy", ""})) {
            HttpResponse<String> answer = server.rest().send("POST", migration + verb[0], verb[1]);
            assertEquals(202, answer.statusCode(), answer::body);
        }
        await("it has moved", () -> server.rest()
                .get(migration)
                .asJsonObject()
                .getString("state")
                .equals("COMPLETED"));
        HttpResponse<String> late = server.rest().send("POST", migration + "/post-copy", "");
        assertEquals(409, late.statusCode(), late::body);
        assertEquals(55, problem(late).getInt("code"));
        String back = server.rest()
                .post("migrations", "{\"source\":\"h1\",\"domain\":\"db-1\",\"destination\":\"h3\"}")
                .getString("id");
        await("it is back", () -> server.rest()
                .get("migrations/" + back)
                .asJsonObject()
                .getString("state")
                .equals("COMPLETED"));
    }

    @Test
    void openApiDescribesEveryOperationAndWhatIsAnswered() throws Exception {
        var description = OpenApiDocument.parse(server.openApi());
        assertEquals(OpenApiDocument.operationsOfTheResources(), description.operations());
        description.requireThatEachOperationIsDocumented();

        for (JsonValue host : server.rest().get("hosts").asJsonArray()) {
            description.requireFits("Host", host.asJsonObject());
        }
        for (JsonValue domain : server.rest().get("hosts/h1/domains").asJsonArray()) {
            description.requireFits("Domain", domain.asJsonObject());
        }
        JsonObject plan = server.rest().post("plans", "{\"host\":\"h1\",\"targets\":[\"dead\",\"h2\"]}");
        description.requireFits("Plan", plan);
        JsonObject blocked = server.rest().post("plans", "{\"host\":\"h1\",\"targets\":[\"dead\"]}");
        assertEquals(0, blocked.getJsonArray("moves").size());
        description.requireFits("Plan", blocked);
        String id = server.rest()
                .post("evacuations", "{\"host\":\"h1\",\"targets\":[\"dead\"]}")
                .getString("id");
        JsonObject evacuation = server.ended(id);
        description.requireFits("Evacuation", evacuation);
        description.requireFits("Problem", problem(server.rest().send("POST", "evacuations/" + id + "/pause", "")));
    }

    @Test
    void nothingButTheContractAndTheHealthIsToldToStrangers() throws Exception {
        for (String path : List.of("", "js/drover.js", "api/hosts", "api/events", "api/nonsense")) {
            assertEquals(401, server.anonymously("/drover/" + path), path);
        }
        assertEquals(200, server.anonymously("/openapi"));
    }

    @Test
    void consolesShowWhatEverythingMeans() throws Exception {
        try (var jmx = server.jmx()) {
            assertEquals(List.of(), jmx.undescribed());
        }
    }

    @Test
    void everySurfaceTellsWhatAMigrateCallMaySay() throws Exception {
        String description = server.openApi();
        try (var jmx = server.jmx()) {
            String flags = jmx.help("type=Migrations", "startMigration", "flags");
            String params = jmx.help("type=Migrations", "startMigration", "params");
            for (String name : List.of("POSTCOPY_RESUME", "ZEROCOPY")) {
                assertTrue(flags.contains(name) && description.contains(name), name);
            }
            for (String name : List.of("bandwidth.avail.switchover", "XEN_PORT")) {
                assertTrue(params.contains(name) && description.contains(name), name);
            }
            assertTrue(((String) jmx.invoke("type=Host,name=h1", "migrationSupport")).contains("RENAME"));
        }
        JsonObject old = server.rest().get("hosts/old/migration-support").asJsonObject();
        assertFalse(old.getJsonArray("verbs").contains(Json.createValue("RENAME")), old::toString);
        assertTrue(old.getJsonArray("flags").contains(Json.createValue("LIVE")), old::toString);
        assertEquals(
                404,
                server.rest().send("GET", "hosts/nobody/migration-support", "").statusCode());
    }
}
