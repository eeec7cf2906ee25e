package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static dev.drover.it.DroverServer.migrations;
import static dev.drover.it.DroverServer.moved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two servers on one PostgreSQL: what one works on the other leaves alone, until the first is gone. Each has a simulated
 * fleet of its own: what the first one moved is still on the second one's h1, which therefore does not end empty, and a
 * domain which both moved would be seen in the audit trail only.
 */
@Tag("postgresql")
class TwoServersIT {

    private static final String HOSTS = "h1=sim://h1,h2=sim://h2,h3=sim://h3,h4=sim://h4";
    private static final int OFFSET = Integer.getInteger("it.offset", 300);

    private Postgres postgres;
    private DroverServer first;
    private DroverServer second;

    @BeforeEach
    void bringUp() throws IOException, InterruptedException {
        postgres = Postgres.start(Path.of("target/postgres"), 15432 + OFFSET);
        Map<String, String> environment = new HashMap<>(postgres.environment());
        // half as long as the default, so that the test takes half as long
        environment.put("JAVA_OPTS", "-Ddrover.lease=PT15S");
        first = new DroverServer(0, environment);
        second = new DroverServer(1, environment);
    }

    @AfterEach
    void bringDown() throws IOException, InterruptedException {
        try {
            first.stop();
            second.stop();
        } finally {
            postgres.close();
        }
    }

    @Test
    void secondServerLeavesTheFirstOnesEvacuationAloneAndInheritsItWhenThatDies() throws Exception {
        String id = pausedHalfWay();
        second.start(HOSTS);

        var refusal = second.rest().send("POST", "evacuations/" + id + "/resume", "");
        assertEquals(409, refusal.statusCode(), refusal::body);
        assertTrue(refusal.body().contains("OWNED_ELSEWHERE"), refusal::body);
        assertEquals("PAUSED", second.evacuation(id).getString("state"));
        int moved = moved(second.evacuation(id));

        first.kill();
        await(
                "the second server owns it",
                () -> second.rest()
                                .send("POST", "evacuations/" + id + "/resume", "")
                                .statusCode()
                        == 202);
        JsonObject end = second.ended(id);
        assertEquals(10, moved(end), end::toString);
        assertTrue(moved < 10, "nothing was left to inherit");
        everyDomainMovedOnce(id);
        assertEquals(
                1,
                second.evacuations().stream()
                        .filter(each -> each.getString("host").equals("h1"))
                        .count());
    }

    @Test
    void serverThatIsStoppedHandsOverAtOnce() throws Exception {
        String id = pausedHalfWay();
        second.start(HOSTS);
        first.stop();
        var resumed = second.rest().send("POST", "evacuations/" + id + "/resume", "");
        await(
                "the second server owns it",
                () -> resumed.statusCode() == 202
                        || second.rest()
                                        .send("POST", "evacuations/" + id + "/resume", "")
                                        .statusCode()
                                == 202);
        assertEquals(10, moved(second.ended(id)));
        everyDomainMovedOnce(id);
    }

    @Tag("long")
    @Test
    void databaseThatGoesAwayAndComesBackLosesNothing() throws Exception {
        first.start(HOSTS);
        String id = first.evacuate("h1");
        await("one has moved", () -> moved(first.evacuation(id)) >= 1);
        postgres.stop();
        await(
                "the journal is missed",
                () -> first.rest().send("GET", "evacuations", "").statusCode() == 503);
        // longer than the lease and than everything that was under way
        Thread.sleep(30_000);
        postgres.start();
        JsonObject end = first.ended(id);
        assertEquals("COMPLETED", end.getString("state"), end::toString);
        everyDomainMovedOnce(first, id);
    }

    private String pausedHalfWay() throws IOException, InterruptedException {
        first.start(HOSTS);
        String id = first.evacuate("h1");
        await("one has moved", () -> moved(first.evacuation(id)) >= 1);
        assertEquals(
                202,
                first.rest().send("POST", "evacuations/" + id + "/pause", "").statusCode());
        await("what ran has ended", () -> migrations(first.evacuation(id)).stream()
                .noneMatch(row -> row.getString("state").equals("RUNNING")));
        return id;
    }

    private void everyDomainMovedOnce(String id) throws IOException, InterruptedException {
        everyDomainMovedOnce(second, id);
    }

    private static void everyDomainMovedOnce(DroverServer server, String id) throws IOException, InterruptedException {
        List<JsonObject> lines =
                server.rest().get("evacuations/" + id + "/audit").asJsonArray().getValuesAs(JsonValue::asJsonObject);
        for (JsonObject row : migrations(server.evacuation(id))) {
            long completed = lines.stream()
                    .filter(line -> row.getString("id").equals(line.getString("migration", "")))
                    .filter(line -> line.getString("what").equals("COMPLETE"))
                    .count();
            assertEquals(1, completed, row::toString);
        }
    }
}
