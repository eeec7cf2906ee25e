package dev.drover.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.run.RestClient;
import dev.drover.run.Server;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tests' own copy of the provisioned server, asked as its users ask it: REST, jboss-cli, JMX. */
final class DroverServer {

    static final String JOBS = "/deployment=drover.ear/subdeployment=drover-batch-jobs.jar/subsystem=batch-jberet";

    private static final int OFFSET = Integer.getInteger("it.offset", 300);
    // measured on two cores: a boot in 15 instead of 29 seconds of processor time; a server of tests is gone before C2
    // would pay
    private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";
    private static final Duration PATIENCE = Duration.ofSeconds(300);
    static final Set<String> ENDS = Set.of("COMPLETED", "INCOMPLETE", "CANCELLED", "FAILED");

    private final Path home;
    private final int offset;
    private final Map<String, String> environment;
    private final String password = Server.newPassword();
    private final Server server;
    private final RestClient rest;

    /** One that has never run. */
    DroverServer() throws IOException, InterruptedException {
        this(0, Map.of());
    }

    /**
     * One of several that have never run.
     *
     * @param number 0 for the build's own copy of the server; others are copies of that
     * @param environment added to that of each start
     */
    DroverServer(int number, Map<String, String> environment) throws IOException, InterruptedException {
        Path original = Path.of(System.getProperty("server.home"));
        this.home = number == 0 ? original : original.resolveSibling(original.getFileName() + "-" + number);
        this.offset = OFFSET + 20 * number;
        this.environment = environment;
        this.server = new Server(home, offset);
        this.rest = new RestClient(server.url(), "operator", password);
        if (number > 0) {
            copy(original, home);
        }
        if (Files.exists(data())) {
            try (Stream<Path> all = Files.walk(data())) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
        server.users(password);
    }

    private static void copy(Path from, Path to) throws IOException, InterruptedException {
        for (List<String> command :
                List.of(List.of("rm", "-rf", to.toString()), List.of("cp", "-r", from.toString(), to.toString()))) {
            assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        }
        for (String left : List.of("standalone/log", "standalone/drover.pid", "standalone/data")) {
            new ProcessBuilder("rm", "-rf", to.resolve(left).toString()).start().waitFor();
        }
    }

    /** Starts it and waits until it answers. @param hosts the seed of an empty registry */
    void start(String hosts) throws IOException, InterruptedException {
        start(hosts, Map.of());
    }

    /** The same, with more in its environment. */
    void start(String hosts, Map<String, String> more) throws IOException, InterruptedException {
        launch(hosts, more);
        await("the server is ready", rest::isReady);
    }

    /** Only starts its process. */
    void launch(String hosts, Map<String, String> more) throws IOException, InterruptedException {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        all.put("DROVER_HOSTS", hosts);
        all.merge("JAVA_OPTS", SHORT_LIVED, (given, added) -> given + " " + added);
        server.start(all);
    }

    void stop() throws IOException, InterruptedException {
        server.stop();
    }

    void kill() throws IOException, InterruptedException {
        server.kill();
    }

    /** All that it has logged since it was laid out. */
    String log() throws IOException {
        return Files.readString(home.resolve("standalone/log/server.log"));
    }

    /** Of the script that it runs in. */
    long pid() throws IOException {
        return Long.parseLong(
                Files.readString(home.resolve("standalone/drover.pid")).strip());
    }

    /** Where it keeps its databases. */
    Path data() {
        return home.resolve("standalone/data");
    }

    /** Whether it holds copies on destinations for the case of its death. */
    boolean holdsCopies() throws IOException {
        Path held = data().resolve("drover/held");
        if (!Files.exists(held)) {
            return false;
        }
        try (var files = Files.list(held)) {
            return files.findAny().isPresent();
        }
    }

    /** What time it is for it, to the second: the date of an answer. */
    Instant clock() throws IOException, InterruptedException {
        String date = rest.send("GET", "hosts", "").headers().firstValue("Date").orElseThrow();
        return Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date));
    }

    RestClient rest() {
        return rest;
    }

    RestClient restAs(String user, String itsPassword) {
        return new RestClient(server.url(), user, itsPassword);
    }

    /** Opens the event stream. @param after the last event seen, or empty */
    EventStream events(String after) throws IOException, InterruptedException {
        return new EventStream(rest.stream("events", after));
    }

    String openApi() throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(server.url()).resolve("/openapi?format=JSON"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** The status of a GET without credentials. */
    int anonymously(String path) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create(server.url()).resolve(path)).build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** @return the password of the user viewer */
    String addViewer() throws IOException, InterruptedException {
        String itsPassword = Server.newPassword();
        ProcessBuilder adding = new ProcessBuilder(
                        home.resolve("bin/add-user.sh").toString(),
                        "-a",
                        "-s",
                        "-u",
                        "viewer",
                        "-p",
                        itsPassword,
                        "-g",
                        "viewer")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        adding.environment().put("JAVA_OPTS", SHORT_LIVED);
        assertEquals(0, adding.start().waitFor());
        return itsPassword;
    }

    JmxClient jmx() throws IOException, javax.management.JMException {
        return new JmxClient(9990 + offset, "admin", password);
    }

    Page page() {
        return pageAs("operator", password);
    }

    Page pageAs(String user, String itsPassword) {
        return Page.open(server.url(), user, itsPassword);
    }

    String evacuate(String host) throws IOException, InterruptedException {
        return rest.post("evacuations", "{\"host\":\"" + host + "\"}").getString("id");
    }

    JsonObject evacuation(String id) throws IOException, InterruptedException {
        return rest.get("evacuations/" + id).asJsonObject();
    }

    List<JsonObject> evacuations() throws IOException, InterruptedException {
        return rest.get("evacuations").asJsonArray().getValuesAs(JsonValue::asJsonObject);
    }

    /** What stands, from {@code GET alerts}. */
    List<JsonObject> alerts() throws IOException, InterruptedException {
        return rest.get("alerts").asJsonArray().getValuesAs(JsonValue::asJsonObject);
    }

    /** The lines of an audit trail. @param of as {@code evacuations/ID} */
    List<JsonObject> audit(String of) throws IOException, InterruptedException {
        return rest.get(of + "/audit").asJsonArray().getValuesAs(JsonValue::asJsonObject);
    }

    /** The one that has not ended; a job that was just started journals its evacuation in its first step. */
    JsonObject underWay() throws IOException, InterruptedException {
        Predicate<JsonObject> unfinished = one -> !ENDS.contains(one.getString("state"));
        await("the job has planned", () -> evacuations().stream().anyMatch(unfinished));
        return evacuations().stream().filter(unfinished).findFirst().orElseThrow();
    }

    /** Waits for its end. */
    JsonObject ended(String id) throws IOException, InterruptedException {
        return ended(id, PATIENCE);
    }

    JsonObject ended(String id, Duration patience) throws IOException, InterruptedException {
        await(
                patience,
                "evacuation " + id + " has ended",
                () -> ENDS.contains(evacuation(id).getString("state")));
        return evacuation(id);
    }

    /** What a failed test left unfinished must not fail the next one. */
    void cancelAll() throws IOException, InterruptedException {
        for (JsonObject one : evacuations()) {
            if (!ENDS.contains(one.getString("state"))) {
                rest.send("POST", "evacuations/" + one.getString("id") + "/cancel", "");
                ended(one.getString("id"));
            }
        }
    }

    static List<JsonObject> migrations(JsonObject evacuation) {
        return evacuation.getJsonArray("migrations").getValuesAs(JsonValue::asJsonObject);
    }

    static int moved(JsonObject evacuation) {
        return (int) migrations(evacuation).stream()
                .filter(row -> row.getString("state").equals("COMPLETED"))
                .count();
    }

    /** Lets a migration go on at 1 MiB/s, from when something of it is sent: before that nobody can be told. */
    void crawl(String migration) throws IOException, InterruptedException {
        String path = "migrations/" + migration;
        await(
                migration + " sends",
                () -> rest.get(path).asJsonObject().getJsonNumber("bytes").longValue() > 0);
        rest.post(path + "/speed", "{\"mebibytesPerSecond\":1}");
    }

    /** What jboss-cli prints; it must end well. */
    String cli(String command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("drover-cli", ".out");
        try {
            var builder = new ProcessBuilder(
                            home.resolve("bin/jboss-cli.sh").toString(),
                            "--connect",
                            "--controller=127.0.0.1:" + (9990 + offset),
                            // its own 5 s include its start
                            "--timeout=" + PATIENCE.toMillis(),
                            "--command=" + command)
                    .redirectErrorStream(true)
                    .redirectInput(new java.io.File("/dev/null"))
                    .redirectOutput(out.toFile());
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            builder.environment().put("JAVA_OPTS", SHORT_LIVED);
            int exit = builder.start().waitFor();
            String text = Files.readString(out);
            assertEquals(0, exit, text);
            return text;
        } finally {
            Files.delete(out);
        }
    }

    /** Starts the batch job as a scheduler would. @return its execution's id */
    long startJob(String properties) throws IOException, InterruptedException {
        String answer = cli(JOBS + ":start-job(job-xml-name=evacuate-host,properties={" + properties + "})");
        return Long.parseLong(answer.lines()
                .filter(line -> line.contains("\"result\" =>"))
                .map(line -> line.replaceAll("\\D", ""))
                .collect(Collectors.joining()));
    }

    /** What the console shows of an execution once it has come into that state. */
    String job(long execution, String state) throws IOException, InterruptedException {
        String resource = JOBS + "/job=evacuate-host/execution=" + execution + ":read-resource(include-runtime=true)";
        await("job " + execution + " is " + state, () -> cli(resource)
                .contains("\"batch-status\" => \"" + state + "\""));
        return cli(resource);
    }

    /** A condition that needs other processes to come about. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    static void await(String what, Condition condition) throws IOException, InterruptedException {
        await(PATIENCE, what, condition);
    }

    static void await(Duration patience, String what, Condition condition) throws IOException, InterruptedException {
        Instant end = Instant.now().plus(patience);
        while (!condition.holds()) {
            assertTrue(Instant.now().isBefore(end), "not within " + patience + ": " + what);
            Thread.sleep(100);
        }
    }
}
