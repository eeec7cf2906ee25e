package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static dev.drover.it.DroverServer.migrations;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The verbs for a whole evacuation through REST and JMX, what they leave in the audit trail, and the alerts, on the
 * simulated fleet.
 */
class VerbsIT extends OnDemoFleet {

    private static final String BEAN = "type=Evacuations";

    private HttpResponse<String> post(String id, String verb, String body) throws IOException, InterruptedException {
        return server.rest().send("POST", "evacuations/" + id + "/" + verb, body);
    }

    private void accepted(String id, String verb, String state) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(id, verb, "");
        assertEquals(202, answer.statusCode(), answer::body);
        assertEquals(state, server.evacuation(id).getString("state"), verb);
    }

    /** An evacuation with migrations under way and others that wait. */
    private String underWay(String host) throws IOException, InterruptedException {
        String id = server.evacuate(host);
        await("some are under way", () -> states(id).contains("RUNNING"));
        assertTrue(states(id).contains("PLANNED"), "none is left that waits");
        return id;
    }

    private List<String> states(String id) throws IOException, InterruptedException {
        return migrations(server.evacuation(id)).stream()
                .map(row -> row.getString("state"))
                .toList();
    }

    /** Who did what to the whole evacuation, as in {@code PAUSE by operator through REST: RUNNING to PAUSED}. */
    private List<String> trail(String id, String... steps) throws IOException, InterruptedException {
        return server.audit("evacuations/" + id).stream()
                .filter(entry -> !entry.containsKey("migration"))
                .filter(entry -> Arrays.asList(steps).contains(entry.getString("what")))
                .map(entry -> entry.getString("what") + " by " + entry.getString("who") + " through "
                        + entry.getString("surface") + ": " + entry.getString("from", "nothing") + " to "
                        + entry.getString("to"))
                .toList();
    }

    @Test
    void everyVerbIsHarmlessWhenRepeatedAndIsInTheTrailOnceWithWhoAskedAndThroughWhat() throws Exception {
        Instant began = Instant.now();
        String id = underWay("h1");
        try (var jmx = server.jmx()) {
            accepted(id, "pause", "PAUSED");
            accepted(id, "pause", "PAUSED");
            assertEquals("PAUSED", jmx.invoke(BEAN, "pause", id));
            assertEquals("RUNNING", jmx.invoke(BEAN, "resume", id));
            accepted(id, "resume", "RUNNING");
            jmx.invoke(BEAN, "cancel", id);
            assertEquals(202, post(id, "cancel", "").statusCode());
            assertEquals("CANCELLED", server.ended(id).getString("state"));
            accepted(id, "cancel", "CANCELLED");
            assertEquals("CANCELLED", jmx.invoke(BEAN, "cancel", id));

            assertEquals(
                    List.of(
                            "PLAN by operator through REST: nothing to PLANNING",
                            "PAUSE by operator through REST: RUNNING to PAUSED",
                            "RESUME by jmx through JMX: PAUSED to RUNNING",
                            "CANCEL by jmx through JMX: RUNNING to CANCELLING",
                            "END_CANCELLED by drover through DROVER: CANCELLING to CANCELLED"),
                    trail(id, "PLAN", "PAUSE", "RESUME", "CANCEL", "END_CANCELLED"));
            whatTheTrailTellsIsInOrderAndJmxTellsTheSame(jmx, id, began);
        }
        var description = OpenApiDocument.parse(server.openApi());
        for (JsonObject entry : server.audit("evacuations/" + id)) {
            description.requireFits("AuditEntry", entry);
        }
    }

    private void whatTheTrailTellsIsInOrderAndJmxTellsTheSame(JmxClient jmx, String id, Instant began)
            throws Exception {
        List<JsonObject> entries = server.audit("evacuations/" + id);
        List<Long> numbers = entries.stream()
                .map(entry -> entry.getJsonNumber("number").longValue())
                .toList();
        assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
        for (JsonObject entry : entries) {
            Instant at = Instant.parse(entry.getString("at"));
            assertFalse(at.isBefore(began.minusSeconds(1)) || at.isAfter(Instant.now()), entry::toString);
        }
        String[] lines = (String[]) jmx.invoke(BEAN, "audit", id);
        assertEquals(entries.size(), lines.length);
        assertTrue(
                Stream.of(lines).anyMatch(line -> line.endsWith("Z JMX jmx RESUME PAUSED -> RUNNING")),
                () -> String.join("\n", lines));
        // what became of each domain stands in between, and in the migration's own trail
        JsonObject row = migrations(server.evacuation(id)).get(0);
        List<JsonObject> own = server.audit("migrations/" + row.getString("id"));
        assertEquals(
                entries.stream()
                        .filter(entry -> entry.getString("migration", "").equals(row.getString("id")))
                        .toList(),
                own);
        assertEquals("PLAN", own.get(0).getString("what"));
        assertEquals(own.size(), ((String[]) jmx.invoke("type=Migrations", "audit", row.getString("id"))).length);
    }

    @Test
    void forceCloseByRestNeedsAReasonClosesTheRecordOnceAndTouchesNoDomain() throws Exception {
        String id = underWay("h2");
        for (String body : List.of("{}", "{\"reason\":null}", "{\"reason\":\"  \"}", "{\"because\":\"x\"}", "", "[]")) {
            HttpResponse<String> refusal = post(id, "force-close", body);
            assertEquals(400, refusal.statusCode(), refusal::body);
            assertTrue(refusal.body().contains("\"code\":8"), refusal::body);
        }
        assertEquals("RUNNING", server.evacuation(id).getString("state"));

        List<JsonObject> before = migrations(server.evacuation(id));
        assertEquals(
                202,
                post(id, "force-close", "{\"reason\":\" the rack burns \"}").statusCode());
        JsonObject closed = server.evacuation(id);
        assertEquals("FAILED", closed.getString("state"));
        JsonObject reason = closed.getJsonObject("reason");
        assertEquals("FORCE_CLOSED", reason.getString("failure"));
        assertEquals("closed by REST operator: the rack burns", reason.getString("message"));
        for (JsonObject row : migrations(closed)) {
            assertTrue(List.of("FAILED", "CANCELLED", "COMPLETED").contains(row.getString("state")), row::toString);
            if (row.getString("state").equals("FAILED")) {
                assertTrue(
                        row.getJsonObject("reason").getString("message").contains("look where the domain runs"),
                        row::toString);
            }
        }
        HttpResponse<String> again = post(id, "force-close", "{\"reason\":\"another\"}");
        assertEquals(202, again.statusCode(), again::body);
        assertEquals(closed.getJsonObject("reason"), server.evacuation(id).getJsonObject("reason"));
        assertEquals(
                List.of("FORCE_CLOSE by operator through REST: RUNNING to FAILED the rack burns"), forceCloses(id));

        // those that were under way arrive by themselves, those that waited stay: nobody aborted or stopped any
        List<String> wereUnderWay = before.stream()
                .filter(row -> row.getString("state").equals("RUNNING"))
                .map(row -> row.getString("domain"))
                .toList();
        assertFalse(wereUnderWay.isEmpty());
        await("what was under way has arrived", () -> {
            var left = fleet.domains("h2");
            return wereUnderWay.stream().noneMatch(left::contains) && fleet.eachDomainRunsOnce();
        });
        assertFalse(fleet.domains("h2").isEmpty(), "nothing that waited was moved");
    }

    private List<String> forceCloses(String id) throws IOException, InterruptedException {
        String details = server.audit("evacuations/" + id).stream()
                .filter(entry -> entry.getString("what").equals("FORCE_CLOSE"))
                .map(entry -> entry.getString("detail"))
                .collect(Collectors.joining());
        return trail(id, "FORCE_CLOSE").stream()
                .map(line -> line + " " + details)
                .toList();
    }

    @Test
    void forceCloseByJmxNeedsAReasonAndClosesTheRecordOnce() throws Exception {
        String id = underWay("h3");
        try (var jmx = server.jmx()) {
            for (String reason : Arrays.asList("", "  ", null)) {
                String refusal = jmx.refusal(BEAN, "forceClose", id, reason);
                assertTrue(refusal.contains("reason: is missing") && refusal.contains("code 8"), refusal);
            }
            assertEquals("RUNNING", jmx.invoke(BEAN, "state", id));
            jmx.invoke(BEAN, "pause", id);
            assertEquals("FAILED", jmx.invoke(BEAN, "forceClose", id, "the database was restored"));
            assertEquals("FAILED", jmx.invoke(BEAN, "forceClose", id, "again"));
        }
        assertEquals(
                List.of("FORCE_CLOSE by jmx through JMX: PAUSED to FAILED the database was restored"), forceCloses(id));
    }

    @Test
    void whatHasEndedIsNotForceClosed() throws Exception {
        String id = server.evacuate("h4");
        assertEquals(202, post(id, "cancel", "").statusCode());
        String state = server.ended(id).getString("state");
        HttpResponse<String> refusal = post(id, "force-close", "{\"reason\":\"too late\"}");
        assertEquals(409, refusal.statusCode(), refusal::body);
        assertTrue(refusal.body().contains("\"code\":1008"), refusal::body);
        try (var jmx = server.jmx()) {
            String told = jmx.refusal(BEAN, "forceClose", id, "too late");
            assertTrue(told.contains("EVACUATION_ENDED, code 1008"), told);
        }
        assertEquals(state, server.evacuation(id).getString("state"));
        assertEquals(List.of(), trail(id, "FORCE_CLOSE"));
        String nobody = "00000000-0000-0000-0000-000000000000";
        assertEquals(404, post(nobody, "force-close", "{\"reason\":\"x\"}").statusCode());
        assertEquals(
                404,
                server.rest()
                        .send("GET", "evacuations/" + nobody + "/audit", "")
                        .statusCode());
    }

    @Test
    void whatEndedWithAKnownOutcomeIsNotAcknowledged() throws Exception {
        String id = server.evacuate("h4");
        server.rest().post("evacuations/" + id + "/cancel", "");
        String migration = migrations(server.ended(id)).get(0).getString("id");
        for (String body : List.of("{}", "{\"reason\":null}", "{\"reason\":\" \"}", "{\"because\":\"x\"}", "")) {
            HttpResponse<String> refusal = acknowledge(migration, body);
            assertEquals(400, refusal.statusCode(), refusal::body);
            assertTrue(refusal.body().contains("\"code\":8"), refusal::body);
        }
        HttpResponse<String> refusal = acknowledge(migration, "{\"reason\":\"nothing to see\"}");
        assertEquals(409, refusal.statusCode(), refusal::body);
        assertTrue(
                refusal.body().contains("only one that has FAILED with QUARANTINED, OUTCOME_UNKNOWN or STUCK"),
                refusal::body);
        try (var jmx = server.jmx()) {
            String told = jmx.refusal("type=Migrations", "acknowledge", migration, "nothing to see");
            assertTrue(told.contains("OPERATION_INVALID, code 55"), told);
            told = jmx.refusal("type=Migrations", "acknowledge", migration, "");
            assertTrue(told.contains("reason: is missing") && told.contains("code 8"), told);
        }
        String nobody = "00000000-0000-0000-0000-000000000000";
        assertEquals(404, acknowledge(nobody, "{\"reason\":\"x\"}").statusCode());
        assertTrue(
                server.audit("migrations/" + migration).stream()
                        .noneMatch(entry -> entry.getString("what").equals("ACKNOWLEDGE")),
                "a refusal is no deed");
    }

    private HttpResponse<String> acknowledge(String migration, String body) throws IOException, InterruptedException {
        return server.rest().send("POST", "migrations/" + migration + "/acknowledge", body);
    }

    @Tag("browser")
    @Test
    void alertAppearsOnEverySurfaceAndVanishesWithItsCause() throws Exception {
        assertEquals(List.of(), server.alerts());
        try (var events = server.events("");
                var page = server.page();
                var jmx = server.jmx()) {
            String id = server.rest()
                    .post(
                            "evacuations",
                            "{\"host\":\"h1\",\"deadline\":\"" + Instant.now().plusSeconds(15) + "\"}")
                    .getString("id");
            keepFromEnding(id);
            await("its deadline has passed", () -> !server.alerts().isEmpty());

            JsonObject alert = server.alerts().get(0);
            OpenApiDocument.parse(server.openApi()).requireFits("Alert", alert);
            assertEquals(1, server.alerts().size());
            assertEquals("DEADLINE_PASSED", alert.getJsonObject("reason").getString("failure"));
            assertEquals(id, alert.getString("evacuation"));
            assertEquals("h1", alert.getString("host"));
            assertTrue(alert.getString("remedy").contains("cancel the evacuation"), alert::toString);
            events.awaitData("\"type\":\"ALERT\"", id, "DEADLINE_PASSED");
            String[] lines = (String[]) jmx.attribute(BEAN, "Alerts");
            assertEquals(1, lines.length);
            assertTrue(lines[0].contains("[DEADLINE_PASSED]") && lines[0].contains("cancel the evacuation"), lines[0]);
            String shown = page.awaitAlert("DEADLINE_PASSED");
            assertTrue(shown.contains(alert.getString("remedy")) && shown.contains("What to do"), shown);

            // how long it is CANCELLING depends on its hosts; the trail has that it was
            assertEquals(202, post(id, "cancel", "").statusCode());
            assertEquals("CANCELLED", server.ended(id).getString("state"));
            assertEquals(
                    List.of(
                            "CANCEL by operator through REST: RUNNING to CANCELLING",
                            "END_CANCELLED by drover through DROVER: CANCELLING to CANCELLED"),
                    trail(id, "CANCEL", "END_CANCELLED"));
            await("it has vanished", () -> server.alerts().isEmpty());
            page.awaitNoAlerts();
            assertEquals(0, ((String[]) jmx.attribute(BEAN, "Alerts")).length);
            assertEquals(List.of(), page.errors());
        }
    }

    // at a crawl they are still under way when the deadline has passed
    private void keepFromEnding(String id) throws IOException, InterruptedException {
        await("some are under way", () -> states(id).contains("RUNNING"));
        for (JsonObject row : migrations(server.evacuation(id))) {
            if (row.getString("state").equals("RUNNING")) {
                server.crawl(row.getString("id"));
            }
        }
    }
}
