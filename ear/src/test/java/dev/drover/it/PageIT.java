package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static dev.drover.it.DroverServer.migrations;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What operators and viewers do with the page, on the simulated fleet. */
@Tag("browser")
class PageIT extends OnDemoFleet {

    private static final Path PICTURES = Path.of("target/page");
    private static final int PHONE_WIDTH = 390;
    private static final int PHONE_HEIGHT = 844;

    /** What people did to the evacuation, by the trail: step, user and surface. */
    private List<String> deeds(String id) throws IOException, InterruptedException {
        return server.audit("evacuations/" + id).stream()
                .filter(entry -> !entry.containsKey("migration"))
                .filter(entry -> !entry.getString("surface").equals("DROVER"))
                .map(entry -> Stream.of("what", "who", "surface")
                        .map(entry::getString)
                        .reduce((a, b) -> a + " " + b)
                        .orElseThrow())
                .toList();
    }

    /** An evacuation of which some are under way and the rest stays where it is. */
    private String paused(String host) throws IOException, InterruptedException {
        String id = server.evacuate(host);
        await("some are under way", () -> migrations(server.evacuation(id)).stream()
                .anyMatch(row -> row.getString("state").equals("RUNNING")));
        server.rest().post("evacuations/" + id + "/pause", "");
        return id;
    }

    /** It cannot end before somebody ends it: one of its domains crawls. */
    private void keepFromEnding(String id) throws IOException, InterruptedException {
        await("some are under way", () -> migrations(server.evacuation(id)).stream()
                .anyMatch(row -> row.getString("state").equals("RUNNING")));
        JsonObject slow = migrations(server.evacuation(id)).stream()
                .filter(row -> row.getString("state").equals("RUNNING"))
                .findFirst()
                .orElseThrow();
        server.crawl(slow.getString("id"));
    }

    @Test
    void eachStateOffersItsVerbsAndThePageTakesThem() throws IOException, InterruptedException {
        Set<String> before = fleet.domains("h1");
        try (Page page = server.page()) {
            page.evacuate("h1", before.size());
            page.awaitState("RUNNING");
            String id = page.evacuation();
            keepFromEnding(id);
            assertEquals(List.of("pause", "cancel", "force-close", "audit"), page.verbs());
            page.verb("pause");
            page.awaitState("PAUSED");
            assertEquals(List.of("resume", "cancel", "force-close", "audit"), page.verbs());
            page.secondClick("resume");
            page.verb("resume");
            page.awaitState("RUNNING");
            await("one has moved", () -> DroverServer.moved(server.evacuation(id)) > 0);

            page.verb("cancel");
            assertTrue(page.dialog().contains("Every domain goes on running"), page.dialog());
            page.leave();
            assertEquals("RUNNING", server.evacuation(id).getString("state"));
            page.verb("cancel");
            page.agree();
            page.awaitState("CANCELLED");
            assertEquals(List.of("return", "audit"), page.verbs());
            assertEquals(
                    List.of(
                            "PLAN operator PAGE",
                            "PAUSE operator PAGE",
                            "RESUME operator PAGE",
                            "CANCEL operator PAGE"),
                    deeds(id));

            page.verb("return");
            page.agree();
            await("the return has begun", () -> server.evacuations().stream()
                    .anyMatch(one -> one.getString("kind").equals("RETURN")));
            String back = server.evacuations().get(0).getString("id");
            assertEquals("COMPLETED", server.ended(back).getString("state"));
            assertEquals(List.of(), page.errors());
        }
        assertEquals(before, fleet.domains("h1"));
    }

    @Test
    void lateAnswerDoesNotHideWhatWasStartedMeanwhile() throws IOException, InterruptedException {
        paused("h1");
        clear();
        try (Page page = server.page()) {
            int moves = fleet.domains("h2").size();
            page.awaitDomains("h2", moves);
            Page.Held late = page.hold("evacuations");
            page.evacuate("h2", moves);
            page.awaitState("RUNNING");
            keepFromEnding(page.evacuation());
            late.arrives();
            page.verb("cancel");
            page.agree();
            page.awaitState("CANCELLED");
            assertEquals(List.of(), page.errors());
        }
    }

    /** The host that somebody meant to empty must be the one whose plan he starts. */
    @Test
    void latePlanIsNotDrawnOverAnother() {
        try (Page page = server.page()) {
            Page.Held late = page.planAndHold("h1");
            assertTrue(page.dialog().contains("Where can the domains of h1 go?"), page.dialog());
            page.leave();
            page.plan("h2");
            late.arrives();
            assertTrue(page.dialog().contains("Empty h2:"), page.dialog());
            page.leave();
            assertEquals(List.of(), page.errors());
        }
    }

    @Test
    void whatIsAnsweredLateHoldsUpNothingElse() throws IOException, InterruptedException {
        try (Page page = server.page()) {
            Page.Held first = page.reloadAndHold("evacuations");
            page.evacuate("h2", fleet.domains("h2").size());
            page.awaitState("RUNNING");
            keepFromEnding(page.evacuation());
            first.arrives();

            Page.Held hosts = page.hold("hosts");
            server.rest().post("evacuations/" + page.evacuation() + "/pause", "");
            page.awaitState("PAUSED");
            hosts.arrives();
            assertEquals(List.of(), page.errors());
        }
    }

    @Test
    void forceCloseAsksWhySaysWhatItDoesNotDoAndIsAudited() throws IOException, InterruptedException {
        String id = paused("h2");
        try (Page page = server.page()) {
            page.show(id);
            page.awaitState("PAUSED");
            page.verb("force-close");
            assertTrue(page.dialog().contains("it touches no domain"), page.dialog());
            page.screenshot(PICTURES.resolve("force-close.png"));
            assertFalse(page.agreeInVain().isBlank());
            page.fill("Why?", "   ");
            assertFalse(page.agreeInVain().isBlank());
            assertEquals("PAUSED", server.evacuation(id).getString("state"));
            page.fill("Why?", "libvirtd hangs on <b>h2</b>");
            page.agree();
            page.awaitState("FAILED");
            assertEquals(
                    List.of("audit"),
                    page.verbs().stream().filter(verb -> !verb.equals("return")).toList());
            assertTrue(
                    page.text("#evacuation").contains("closed by PAGE operator: libvirtd hangs on <b>h2</b>"),
                    page.text("#evacuation"));

            page.verb("audit");
            List<String> lines = page.trail(3);
            assertTrue(
                    lines.stream()
                            .anyMatch(line -> line.contains("FORCE_CLOSE")
                                    && line.contains("operator")
                                    && line.contains("this page")
                                    && line.contains("PAUSED → FAILED")
                                    && line.contains("libvirtd hangs on <b>h2</b>")),
                    () -> String.join("\n", lines));
            page.screenshot(PICTURES.resolve("audit.png"));
            page.leave();
            assertEquals(List.of("PLAN operator REST", "PAUSE operator REST", "FORCE_CLOSE operator PAGE"), deeds(id));
            assertEquals(List.of(), page.errors());
        }
    }

    @Test
    void eachDomainThatWaitsForAHumanIsSeenToByItself() throws IOException, InterruptedException {
        try (Page page = server.page()) {
            Map<String, String> said = page.unsettled(List.of("web", "db"));
            String shown = page.awaitAlert("QUARANTINED");
            assertTrue(shown.contains("'web' runs on h1 and on h2") && shown.contains("2 domains"), shown);
            assertEquals(List.of(), page.nameless());
            page.screenshot(PICTURES.resolve("unsettled.png"));
            page.verbOf("#alerts", "db", "acknowledge");
            assertTrue(page.dialog().contains("Has db been seen to?"), page.dialog());
            assertTrue(page.dialog().contains("it touches no domain"), page.dialog());
            assertEquals(List.of(), page.nameless());
            assertFalse(page.agreeInVain().isBlank());
            page.fill("What became of db?", "   ");
            assertFalse(page.agreeInVain().isBlank());
            page.leave();
            assertEquals(Map.of(), said);

            page.verbOf("#alerts", "db", "acknowledge");
            page.fill("What became of db?", " destroyed on h1 ");
            page.screenshot(PICTURES.resolve("seen-to.png"));
            page.agree();
            page.awaitAlertOf("web");
            assertEquals(Map.of("db", "{\"reason\":\"destroyed on h1\"}"), said);
            assertEquals(0, page.overhangAt(PHONE_WIDTH, PHONE_HEIGHT));
            page.screenshot(PICTURES.resolve("phone-unsettled.png"));
            page.verbOf("#alerts", "web", "acknowledge");
            page.fill("What became of web?", "shut down for good");
            page.agree();
            page.awaitNoAlerts();
            assertEquals("{\"reason\":\"shut down for good\"}", said.get("web"));
            assertEquals(List.of(), page.errors());
        }
    }

    @Test
    void viewerSeesEverythingAndIsOfferedNothingThatChangesAnything() throws IOException, InterruptedException {
        String password = server.addViewer();
        await(
                "the new user is known",
                () -> server.restAs("viewer", password).send("GET", "hosts", "").statusCode() == 200);
        assertEquals(
                "{\"name\":\"viewer\",\"role\":\"viewer\"}",
                server.restAs("viewer", password).get("user").toString());
        String id = paused("h3");
        try (Page page = server.pageAs("viewer", password)) {
            page.show(id);
            assertTrue(page.text("#user").contains("may look, not act"), page.text("#user"));
            assertEquals(List.of("audit"), page.verbs());
            assertEquals(0, page.count("[data-verb='move'], [data-verb='abort'], [data-verb='pause']"));
            page.unsettled(List.of("web"));
            page.awaitAlertOf("web");
            assertEquals(0, page.count("[data-verb='acknowledge']"));
            page.verb("audit");
            assertFalse(page.trail(1).isEmpty());
            page.leave();
            page.plan("h1");
            assertTrue(page.dialog().contains("needs the role operator"), page.dialog());
            assertEquals(0, page.count("#dialog-do"));
            page.leave();
            page.screenshot(PICTURES.resolve("viewer.png"));
            assertEquals(List.of(), page.errors());
        }
    }

    @Test
    void oneDomainIsMovedAndAnotherMoveIsAborted() throws IOException, InterruptedException {
        String domain = fleet.domains("h4").iterator().next();
        try (Page page = server.page()) {
            page.verbOf("[data-host='h4']", domain, "move");
            page.choose("To", "h2");
            page.agree();
            page.awaitRow("#singles", domain, "COMPLETED");
            page.verbOf("#singles", domain, "audit");
            List<String> lines = page.trail(2);
            assertTrue(lines.get(0).contains("PLAN") && lines.get(0).contains("this page"), lines.get(0));
            page.leave();
            assertTrue(fleet.domains("h2").contains(domain));

            JsonObject slow = server.rest()
                    .post(
                            "migrations",
                            "{\"source\":\"h2\",\"domain\":\"" + domain
                                    + "\",\"destination\":\"h4\",\"params\":{\"bandwidth\":1}}");
            page.awaitRow("#singles", domain, "RUNNING");
            page.verbOf("#singles", domain, "abort");
            page.agree();
            page.awaitRow("#singles", domain, "CANCELLED");
            List<JsonObject> trail = server.audit("migrations/" + slow.getString("id"));
            assertTrue(
                    trail.stream()
                            .anyMatch(entry -> entry.getString("what").equals("ABORT")
                                    && entry.getString("surface").equals("PAGE")),
                    trail::toString);
            assertEquals(List.of(), page.errors());
        }
        String back = server.rest()
                .post(
                        "migrations",
                        "{\"source\":\"h2\",\"domain\":\"" + domain
                                + "\",\"destination\":\"h4\",\"flags\":[\"LIVE\",\"PERSIST_DEST\",\"UNDEFINE_SOURCE\"]}")
                .getString("id");
        await("it is back", () -> server.rest()
                .get("migrations/" + back)
                .asJsonObject()
                .getString("state")
                .equals("COMPLETED"));
        assertTrue(
                server.rest().get("migrations").asJsonArray().size() >= 3, "single migrations are listed by REST too");
    }

    @Test
    void nothingSticksOutOnATelephoneAndEverythingHasAName() throws IOException, InterruptedException {
        String id = paused("h3");
        try (Page page = server.page()) {
            page.show(id);
            page.screenshot(PICTURES.resolve("desk.png"));
            assertEquals(List.of(), page.nameless());
            assertEquals(0, page.overhangAt(PHONE_WIDTH, PHONE_HEIGHT));
            page.screenshot(PICTURES.resolve("phone.png"));
            page.verb("audit");
            page.trail(1);
            assertEquals(List.of(), page.nameless());
            assertEquals(0, page.overhangAt(PHONE_WIDTH, PHONE_HEIGHT));
            page.screenshot(PICTURES.resolve("phone-audit.png"));
        }
    }
}
