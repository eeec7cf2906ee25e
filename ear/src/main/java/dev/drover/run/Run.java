package dev.drover.run;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Starts the server, empties a host and shows how it goes. Arguments: server folder, application, offset, host or none. */
public final class Run {

    private static final Duration READY_WITHIN = Duration.ofSeconds(180);
    private static final Set<String> ENDS = Set.of("COMPLETED", "INCOMPLETE", "CANCELLED", "FAILED");
    private static final int BAR = 30;

    private final PrintStream out;
    private final boolean terminal;

    private Run(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    public static void main(String[] args) throws InterruptedException {
        int offset = Integer.parseInt(args[2]);
        // the build looks for it, and then fails
        Path failed = Path.of(args[0], "standalone", "run-failed");
        try {
            Files.deleteIfExists(failed);
            var server = new Server(Path.of(args[0]), offset);
            server.stop();
            server.deploy(Path.of(args[1]));
            new Run(System.out, System.console() != null).run(server, args.length > 3 ? args[3] : "", offset);
        } catch (IOException e) {
            System.out.println("Drover: " + e.getMessage());
            leave(failed);
            System.exit(1);
        }
    }

    private static void leave(Path mark) {
        try {
            Files.createDirectories(mark.getParent());
            Files.writeString(mark, "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Server server, String host, int offset) throws IOException, InterruptedException {
        String given = System.getenv().getOrDefault("DROVER_PASSWORD", "");
        String password = given.isEmpty() ? Server.newPassword() : given;
        server.users(password);
        server.start(Map.of());
        RestClient rest = new RestClient(server.url(), "operator", password);
        awaitReady(server, rest);
        String end = host.equals("none") ? "COMPLETED" : evacuate(rest, host);
        out.println();
        out.println("Page:     " + server.url() + "  (console: http://127.0.0.1:" + (9990 + offset) + ")");
        out.println("Users:    operator (page, REST), admin (console, jboss-cli, JMX)"
                + (given.isEmpty() ? ", password " + password : ", with the password given"));
        out.println("Stop:     mvn -Pstop validate");
        if (!end.equals("COMPLETED")) {
            throw new IOException(
                    "the evacuation ended " + end + "; the server runs on, and the table says what stayed and why");
        }
    }

    private void awaitReady(Server server, RestClient rest) throws IOException, InterruptedException {
        out.println("Drover: the server starts");
        Instant end = Instant.now().plus(READY_WITHIN);
        while (!rest.isReady()) {
            if (!server.isAlive()) {
                throw new IOException(
                        "the server ended while starting; see ear/target/server/standalone/log/console.log");
            }
            if (Instant.now().isAfter(end)) {
                throw new IOException("the server is not ready after " + READY_WITHIN.toSeconds()
                        + " s; see ear/target/server/standalone/log/server.log");
            }
            Thread.sleep(250);
        }
    }

    private String evacuate(RestClient rest, String wanted) throws IOException, InterruptedException {
        String host = wanted.isEmpty()
                ? rest.get("hosts").asJsonArray().getJsonObject(0).getString("name")
                : wanted;
        String body = Json.createObjectBuilder().add("host", host).build().toString();
        JsonObject evacuation = rest.post("evacuations", body);
        out.println("Drover: emptying " + host);
        String path = "evacuations/" + evacuation.getString("id");
        while (!ENDS.contains(evacuation.getString("state"))) {
            show(evacuation);
            Thread.sleep(500);
            evacuation = rest.get(path).asJsonObject();
        }
        show(evacuation);
        out.println();
        table(evacuation);
        return evacuation.getString("state");
    }

    private void show(JsonObject evacuation) {
        double progress = evacuation.getJsonNumber("progress").doubleValue();
        long running = migrations(evacuation).stream()
                .filter(row -> row.getString("state").equals("RUNNING"))
                .count();
        long done = migrations(evacuation).stream()
                .filter(row -> row.getString("state").equals("COMPLETED"))
                .count();
        int full = (int) Math.round(progress * BAR);
        String line = String.format(
                Locale.ROOT,
                "[%s%s] %3.0f %%  %d of %d moved, %d under way",
                "#".repeat(full),
                ".".repeat(BAR - full),
                progress * 100,
                done,
                migrations(evacuation).size(),
                running);
        // a terminal redraws its line, a log gets a line each
        out.print(terminal ? "\r" + line : line + "\n");
        out.flush();
    }

    private void table(JsonObject evacuation) {
        String format = "%-16s %-8s %-8s %-10s %8s %10s %9s  %s%n";
        out.printf(format, "domain", "from", "to", "state", "seconds", "MiB", "downtime", "");
        for (JsonObject row : migrations(evacuation)) {
            JsonObject reason = row.getJsonObject("reason");
            out.printf(
                    format,
                    row.getString("domain"),
                    row.getString("source"),
                    row.getString("destination", "-"),
                    row.getString("state"),
                    String.format(Locale.ROOT, "%.1f", row.getInt("durationMs") / 1000.0),
                    row.getJsonNumber("bytes").longValue() / (1024 * 1024),
                    row.getInt("downtimeMs") + " ms",
                    reason == null ? "" : reason.getString("message"));
        }
        out.println("Evacuation of " + evacuation.getString("host") + ": " + evacuation.getString("state"));
    }

    private static List<JsonObject> migrations(JsonObject evacuation) {
        return evacuation.getJsonArray("migrations").getValuesAs(JsonValue::asJsonObject);
    }
}
