package dev.drover.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.lab.Lab;
import dev.drover.run.RestClient;
import dev.drover.run.Server;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

    private static final int OFFSET = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Set<String> ENDS = Set.of("COMPLETED", "INCOMPLETE", "CANCELLED", "FAILED");
    private static final String JOBS =
            "/deployment=drover.ear/subdeployment=drover-batch-jobs.jar/subsystem=batch-jberet";

    private final Path home = Path.of(System.getProperty("server.home"));
    private final String password = Server.newPassword();
    private final Server server = new Server(home, OFFSET);
    private final RestClient rest = new RestClient(server.url(), "operator", password);
    private Lab lab;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = Lab.up(3);
        server.users(password);
        boot();
    }

    private void boot() throws IOException, InterruptedException {
        server.start(Map.of("DROVER_HOSTS", lab.seed()));
        await("the server is ready", rest::isReady);
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        lab.rate("off");
        // what a failed test left unfinished must not fail the next one
        for (JsonObject one : all()) {
            if (!ENDS.contains(one.getString("state"))) {
                rest.send("POST", "evacuations/" + one.getString("id") + "/cancel", "");
                ended(one);
            }
        }
        lab.clear();
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        server.stop();
        lab.close();
    }

    @Test
    void restEmptiesTheHostAndOneTwinStaysBehind() throws IOException, InterruptedException {
        List<String> guests = guests("r", 8);
        // the same name under another UUID on every target
        lab.define("h2", "r1");
        lab.define("h3", "r1");

        JsonObject plan = rest.post("plans", "{\"host\":\"h1\"}");
        assertEquals(7, plan.getJsonArray("moves").size());
        JsonObject end = ended(rest.post("evacuations", "{\"plan\":\"" + plan.getString("id") + "\"}"));

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
        cli(JOBS + ":start-job(job-xml-name=evacuate-host,properties={host=h1})");
        JsonObject end = ended(newest());

        assertEquals("COMPLETED", end.getString("state"), end::toString);
        assertEquals(List.of(), lab.running("h1"));
        everyGuestIsWholeAndRunsOnce(guests);
    }

    @Test
    void jmxEmptiesTheHostAndTellsOfIt() throws Exception {
        List<String> guests = guests("j", 8);
        try (var jmx = new JmxClient(9990 + OFFSET, "admin", password)) {
            String id = (String) jmx.invoke("type=Evacuations", "startEvacuation", "h1");
            JsonObject end = ended(evacuation(id));

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
        try (Page page = Page.open(server.url(), "operator", password)) {
            page.evacuate("h1", 8);
            page.awaitEnd("COMPLETED");
            page.screenshot(home.resolveSibling("page.png"));
            assertEquals(guests.stream().sorted().toList(), page.completedDomains());
            assertEquals(List.of(), page.errors());
        }
        assertEquals(List.of(), lab.running("h1"));
        everyGuestIsWholeAndRunsOnce(guests);
    }

    @Test
    void jmxMigrateReturnsTheNewDomainAndRefusesWhatIsWrong() throws Exception {
        lab.start("h1", "n1");
        try (var jmx = new JmxClient(9990 + OFFSET, "admin", password)) {
            assertTrue(jmx.refusal("type=Evacuations", "startEvacuation", "h9").contains("UNKNOWN_HOST, code 1000"));
            assertTrue(jmx.refusal("type=Migrations", "migrate", "h1", "n1", "h2", "FAST", "")
                    .contains("unknown flag 'FAST'"));
            assertTrue(jmx.refusal("type=Migrations", "migrate", "h1", "n1", "h2", "LIVE", "bandwidth=fast")
                    .contains("INVALID_ARGUMENT, code 8"));
            assertTrue(jmx.refusal("type=Migrations", "migrate", "h1", "n1", "h2", "LIVE", "", "10.77.0.12", "")
                    .contains("dname: must not be empty"));
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
            long execution =
                    Long.parseLong(result(cli(JOBS + ":start-job(job-xml-name=evacuate-host,properties={host=h1})")));
            String id = newest().getString("id");
            await("three have moved", () -> moved(evacuation(id)) >= 3);
            cli(JOBS + ":stop-job(execution-id=" + execution + ")");
            await("the job has stopped", () -> evacuation(id).getString("state").equals("PAUSED"));
            int before = moved(evacuation(id));
            assertTrue(before < guests.size(), "stopped too late to tell");
            lab.rate("off");
            cli(JOBS + ":restart-job(execution-id=" + execution + ")");
            JsonObject end = ended(evacuation(id));

            assertEquals("COMPLETED", end.getString("state"), end::toString);
            everyGuestIsWholeAndRunsOnce(guests);
            for (String guest : guests) {
                assertEquals(1, h2.arrivals(guest) + h3.arrivals(guest), guest + " arrived more or less than once");
            }
        }
    }

    @Test
    void killedServerGoesOnByItselfAndMovesNothingTwice() throws IOException, InterruptedException {
        List<String> guests = guests("k", 8);
        lab.rate("60mbit");
        try (var h2 = lab.watch("h2");
                var h3 = lab.watch("h3")) {
            String id = rest.post("evacuations", "{\"host\":\"h1\"}").getString("id");
            await("two have moved", () -> moved(evacuation(id)) >= 2);
            server.kill();
            lab.rate("off");
            boot();
            JsonObject end = ended(evacuation(id));

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
        String id = rest.post("evacuations", "{\"host\":\"h1\"}").getString("id");
        await("one runs", () -> migrations(evacuation(id)).stream()
                .anyMatch(row -> row.getString("state").equals("RUNNING")));
        assertEquals(202, rest.send("POST", "evacuations/" + id + "/cancel", "").statusCode());
        JsonObject end = ended(evacuation(id));

        assertEquals("CANCELLED", end.getString("state"));
        lab.rate("off");
        everyGuestIsWholeAndRunsOnce(guests);
    }

    @Test
    void migrateRenamesAndReturnsTheNewDomain() throws IOException, InterruptedException {
        lab.start("h1", "m1");
        JsonObject started = rest.post(
                "migrations",
                "{\"source\":\"h1\",\"domain\":\"m1\",\"destination\":\"h2\",\"dname\":\"m1x\",\"params\":{\"bandwidth\":100}}");
        String path = "migrations/" + started.getString("id");
        await("it has ended", () -> !Set.of("PLANNED", "RUNNING")
                .contains(rest.get(path).asJsonObject().getString("state")));
        JsonObject end = rest.get(path).asJsonObject();

        assertEquals("COMPLETED", end.getString("state"), end::toString);
        assertEquals("m1x", end.getString("newName"));
        assertEquals(List.of("h2"), lab.whereRunning("m1x"));
        assertTrue(end.getJsonNumber("bytes").longValue() > 8 * 1024 * 1024, end::toString);
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
        int evacuations = rest.get("evacuations").asJsonArray().size();
        var answer = rest.send("POST", path, body);

        assertEquals(status, answer.statusCode(), answer::body);
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
        try (var reader = Json.createReader(new java.io.StringReader(answer.body()))) {
            JsonObject problem = reader.readObject();
            assertEquals(code, problem.getInt("code"), answer::body);
            assertTrue(!problem.getString("detail").contains("secret"), answer::body);
        }
        assertEquals(evacuations, rest.get("evacuations").asJsonArray().size());
        assertEquals(List.of("h1"), lab.whereRunning("w1"));
    }

    @Test
    void hugeBodyAndStrangersAreRefused() throws IOException, InterruptedException {
        assertEquals(
                413,
                rest.send("POST", "evacuations", "x".repeat(10 * 1024 * 1024)).statusCode());
        var stranger = new RestClient(server.url(), "operator", "wrong");
        assertEquals(401, stranger.send("GET", "hosts", "").statusCode());
    }

    @Test
    void unknownHostFailsTheJobWithTheReason() throws IOException, InterruptedException {
        long execution =
                Long.parseLong(result(cli(JOBS + ":start-job(job-xml-name=evacuate-host,properties={host=h9})")));
        String resource = JOBS + "/job=evacuate-host/execution=" + execution + ":read-resource(include-runtime=true)";
        await("the job has failed", () -> cli(resource).contains("\"batch-status\" => \"FAILED\""));
        assertTrue(cli(resource).contains("UNKNOWN_HOST: host: no host is named 'h9'"));
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

    private JsonObject ended(JsonObject evacuation) throws IOException, InterruptedException {
        String id = evacuation.getString("id");
        await(
                "evacuation " + id + " has ended",
                () -> ENDS.contains(evacuation(id).getString("state")));
        return evacuation(id);
    }

    private JsonObject evacuation(String id) throws IOException, InterruptedException {
        return rest.get("evacuations/" + id).asJsonObject();
    }

    // a job that was just started journals its evacuation in its first step
    private JsonObject newest() throws IOException, InterruptedException {
        Predicate<JsonObject> unfinished = one -> !ENDS.contains(one.getString("state"));
        await("the job has planned", () -> all().stream().anyMatch(unfinished));
        return all().stream().filter(unfinished).findFirst().orElseThrow();
    }

    private List<JsonObject> all() throws IOException, InterruptedException {
        return rest.get("evacuations").asJsonArray().getValuesAs(JsonValue::asJsonObject);
    }

    private static List<JsonObject> migrations(JsonObject evacuation) {
        return evacuation.getJsonArray("migrations").getValuesAs(JsonValue::asJsonObject);
    }

    private static int moved(JsonObject evacuation) {
        return (int) migrations(evacuation).stream()
                .filter(row -> row.getString("state").equals("COMPLETED"))
                .count();
    }

    private String cli(String command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("drover-cli", ".out");
        try {
            var builder = new ProcessBuilder(
                            home.resolve("bin/jboss-cli.sh").toString(),
                            "--connect",
                            "--controller=127.0.0.1:" + (9990 + OFFSET),
                            "--command=" + command)
                    .redirectErrorStream(true)
                    .redirectInput(new java.io.File("/dev/null"))
                    .redirectOutput(out.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            int exit = builder.start().waitFor();
            String text = Files.readString(out);
            assertEquals(0, exit, text);
            return text;
        } finally {
            Files.delete(out);
        }
    }

    private static String result(String answer) {
        return answer.lines()
                .filter(line -> line.contains("\"result\" =>"))
                .map(line -> line.replaceAll("\\D", ""))
                .collect(Collectors.joining());
    }

    /** A condition that needs other processes to come about. */
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(String what, Condition condition) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.holds()) {
            assertTrue(Instant.now().isBefore(end), "not within " + PATIENCE + ": " + what);
            Thread.sleep(100);
        }
    }
}
