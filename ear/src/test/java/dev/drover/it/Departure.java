package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static dev.drover.it.DroverServer.migrations;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.lab.Lab;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * The evacuation of h1, slow enough that a fault can hit its copies, and the questions that are asked when it is over: of
 * the hosts and the guests, and whether Drover says the same.
 */
final class Departure {

    private static final String SOURCE = "h1";
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final DroverServer server;
    private final Lab lab;
    private final Map<String, UUID> guests;
    private final String id;

    private Departure(DroverServer server, Lab lab, Map<String, UUID> guests, String id) {
        this.server = server;
        this.lab = lab;
        this.guests = guests;
        this.id = id;
    }

    /** Starts that many guests on h1, lets them leave over links of that rate, and waits until all are being copied. */
    static Departure underWay(DroverServer server, Lab lab, String prefix, int count, List<String> targets, String rate)
            throws IOException, InterruptedException {
        return underWay(server, lab, guests(lab, prefix, count), SOURCE, targets, rate);
    }

    /** @param source the name under which the server knows h1 */
    static Departure underWay(
            DroverServer server, Lab lab, Map<String, UUID> guests, String source, List<String> targets, String rate)
            throws IOException, InterruptedException {
        lab.rate(rate);
        Departure departure = begin(server, lab, guests, source, targets);
        await("every copy is under way", () -> departure.migrations().stream()
                .allMatch(row -> row.getString("state").equals("RUNNING")
                        && row.getJsonNumber("bytes").longValue() > 0));
        return departure;
    }

    /** Begins it and waits for nothing. */
    static Departure begin(DroverServer server, Lab lab, Map<String, UUID> guests, String source, List<String> targets)
            throws IOException, InterruptedException {
        String names = targets.stream().map(name -> '"' + name + '"').collect(Collectors.joining(","));
        String id = server.rest()
                .post("evacuations", "{\"host\":\"" + source + "\",\"targets\":[" + names + "]}")
                .getString("id");
        return new Departure(server, lab, guests, id);
    }

    static Map<String, UUID> guests(Lab lab, String prefix, int count) throws IOException, InterruptedException {
        Map<String, UUID> guests = new LinkedHashMap<>();
        for (int i = 1; i <= count; i++) {
            lab.start(SOURCE, prefix + i);
            guests.put(prefix + i, lab.uuid(SOURCE, prefix + i));
        }
        return guests;
    }

    String id() {
        return id;
    }

    Map<String, UUID> guests() {
        return guests;
    }

    List<JsonObject> migrations() throws IOException, InterruptedException {
        return DroverServer.migrations(server.evacuation(id));
    }

    /** The UUID of one of its guests. */
    UUID uuid(String guest) {
        return Objects.requireNonNull(guests.get(guest), guest);
    }

    /** Those that go to that host. */
    Map<String, UUID> goingTo(String host) throws IOException, InterruptedException {
        Map<String, UUID> some = new LinkedHashMap<>();
        for (JsonObject row : migrations()) {
            if (row.getString("destination").equals(host)) {
                some.put(row.getString("domain"), uuid(row.getString("domain")));
            }
        }
        return some;
    }

    /** The fault is noticed: for every guest an alert with that code stands, and the evacuation goes on. */
    void awaitAlerts(String code) throws IOException, InterruptedException {
        awaitAlerts(code, "RUNNING");
    }

    /** The same with the evacuation in another state. */
    void awaitAlerts(String code, String state) throws IOException, InterruptedException {
        await("an alert " + code + " for each guest", () -> alerts().stream()
                .filter(alert -> failure(alert).equals(code))
                .map(alert -> alert.getString("domain", ""))
                .toList()
                .containsAll(guests.keySet()));
        assertEquals(state, server.evacuation(id).getString("state"));
    }

    /** Takes one of its verbs. */
    void say(String verb, String body) throws IOException, InterruptedException {
        server.rest().post("evacuations/" + id + "/" + verb, body);
    }

    void awaitState(String state) throws IOException, InterruptedException {
        await(
                "the evacuation is " + state,
                () -> server.evacuation(id).getString("state").equals(state));
    }

    /** The codes of the alerts about this evacuation and about the server itself. */
    List<String> alertCodes() throws IOException, InterruptedException {
        return alerts().stream().map(Departure::failure).distinct().sorted().toList();
    }

    private List<JsonObject> alerts() throws IOException, InterruptedException {
        return server.rest().get("alerts").asJsonArray().getValuesAs(JsonValue::asJsonObject).stream()
                .filter(alert -> alert.getString("evacuation", id).equals(id))
                .toList();
    }

    private static String failure(JsonObject told) {
        return told.getJsonObject("reason").getString("failure");
    }

    /** Somebody has seen to that guest, whose migration ended with an alert. */
    void acknowledge(JsonObject row, String reason) throws IOException, InterruptedException {
        String migration = row.getString("id");
        assertTrue(
                alerts().stream()
                        .anyMatch(alert -> alert.getString("migration", "").equals(migration)
                                && alert.getBoolean("acknowledgeable")),
                () -> "no alert can be acknowledged of " + row);
        server.rest().post("migrations/" + migration + "/acknowledge", "{\"reason\":\"" + reason + "\"}");
    }

    /** It ends so, and what it says of each guest is what the hosts say. */
    JsonObject awaitEnd(String state) throws IOException, InterruptedException {
        JsonObject end = server.ended(id, PATIENCE);
        assertEquals(state, end.getString("state"), end::toString);
        for (JsonObject row : DroverServer.migrations(end)) {
            Map<String, String> copies = lab.copies(uuid(row.getString("domain")));
            switch (row.getString("state")) {
                case "COMPLETED" ->
                    assertEquals(Map.of(row.getString("destination"), "running"), copies, row::toString);
                case "FAILED", "CANCELLED", "BLOCKED" ->
                    assertTrue(copies.equals(Map.of(SOURCE, "running")) || isLost(row), () -> row + ": " + copies);
                default -> throw new AssertionError("the evacuation has ended, but not " + row);
            }
        }
        return end;
    }

    private static boolean isLost(JsonObject row) {
        return failure(row).equals("OUTCOME_UNKNOWN");
    }

    /** It ends COMPLETED, no alert is left, and every guest has come through on the other host. */
    void awaitArrival() throws IOException, InterruptedException {
        awaitEnd("COMPLETED");
        assertEquals(List.of(), alertCodes());
        assertEquals(List.of(), lab.running(SOURCE));
        everyGuestIsWhole();
    }

    /** Each runs on one of those hosts and nowhere else. */
    void everyGuestRunsOnceOn(List<String> hosts) throws IOException, InterruptedException {
        for (Map.Entry<String, UUID> guest : guests.entrySet()) {
            Map<String, String> copies = lab.copies(guest.getValue());
            assertEquals(List.of("running"), List.copyOf(copies.values()), guest.getKey());
            assertTrue(hosts.containsAll(copies.keySet()), () -> guest.getKey() + ": " + copies);
        }
    }

    /** None has ever run twice at a time, none was rebooted, each has all its memory. */
    void everyGuestIsWhole() throws IOException, InterruptedException {
        GuestsOwnWord.allAreWhole(lab, guests.keySet());
    }

    /** How often the audit trail says so, for each guest. */
    Map<String, Long> steps(String what) throws IOException, InterruptedException {
        List<JsonObject> lines = audit();
        Map<String, Long> counts = new LinkedHashMap<>();
        for (JsonObject row : migrations()) {
            counts.put(
                    row.getString("domain"),
                    lines.stream().filter(line -> isOf(line, row, what)).count());
        }
        return counts;
    }

    private List<JsonObject> audit() throws IOException, InterruptedException {
        return server.rest().get("evacuations/" + id + "/audit").asJsonArray().getValuesAs(JsonValue::asJsonObject);
    }

    private static boolean isOf(JsonObject line, JsonObject row, String what) {
        return line.getString("migration", "").equals(row.getString("id"))
                && line.getString("what").equals(what);
    }

    /** Every guest had exactly that many tries, and arrived once. */
    void everyGuestTookTries(long tries) throws IOException, InterruptedException {
        everyGuestBegan(tries);
        everyGuestArrivedOnce();
    }

    void everyGuestArrivedOnce() throws IOException, InterruptedException {
        assertEquals(each(1), steps("COMPLETE"));
    }

    void everyGuestBegan(long times) throws IOException, InterruptedException {
        assertEquals(each(times), steps("BEGIN"));
    }

    private Map<String, Long> each(long count) {
        Map<String, Long> all = new LinkedHashMap<>();
        guests.keySet().forEach(guest -> all.put(guest, count));
        return all;
    }
}
