package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a guest whose memory lies on both hosts when they lose each other: rows of OPERATIONS.md. */
@Tag("lab")
@Tag("long")
class PostCopyLabIT extends OnLabHosts {

    private static final int FILL_MIB = 16;

    @Override
    String[] settings() {
        return new String[] {"-Ddrover.migration.managed-post-copy=held"};
    }

    private interface Switch {

        void of(String migration) throws IOException, InterruptedException;
    }

    /** One guest on its way, already running on the destination. */
    private final class Halves {

        private final String guest;
        private final String target;
        private final UUID uuid;
        private final String path;

        Halves(String guest, String target) throws IOException, InterruptedException {
            this(guest, target, path -> server.rest().post(path + "/post-copy", ""));
        }

        /** @param change switches to post-copy */
        Halves(String guest, String target, Switch change) throws IOException, InterruptedException {
            this.guest = guest;
            this.target = target;
            lab.startFilled("h1", guest, FILL_MIB);
            uuid = lab.uuid("h1", guest);
            lab.rate(SLOW);
            path = "migrations/"
                    + server.rest()
                            .post(
                                    "migrations",
                                    "{\"source\":\"h1\",\"domain\":\"" + guest + "\",\"destination\":\"" + target
                                            + "\",\"flags\":[\"LIVE\",\"POSTCOPY\"]}")
                            .getString("id");
            await("its memory is being sent", () -> lab.remainingBytes("h1", guest)
                    .filter(left -> left > 0)
                    .isPresent());
            change.of(path);
            await("it runs on " + target, () -> "running"
                    .equals(lab.copies(uuid).get(target)));
        }

        void awaitAlert(String code) throws IOException, InterruptedException {
            await("an alert " + code, () -> alerts().stream()
                    .anyMatch(alert -> failure(alert).equals(code)));
            assertEquals("RUNNING", row().getString("state"));
        }

        private JsonObject row() throws IOException, InterruptedException {
            return server.rest().get(path).asJsonObject();
        }

        private List<JsonObject> alerts() throws IOException, InterruptedException {
            return server.rest().get("alerts").asJsonArray().getValuesAs(JsonValue::asJsonObject);
        }

        /** It is whole on the destination and nowhere else, and nobody is asked for anything any more. */
        void awaitArrival() throws IOException, InterruptedException {
            await("it has moved", () -> !row().getString("state").equals("RUNNING"));
            assertEquals("COMPLETED", row().getString("state"), row()::toString);
            assertEquals(Map.of(target, "running"), lab.copies(uuid));
            assertEquals(List.of(), alerts());
            GuestsOwnWord.allAreWhole(lab, List.of(guest));
        }

        // libvirt may say that a recovery failed which has brought it there all the same
        void wasRecovered() throws IOException, InterruptedException {
            assertFalse(steps("RECOVER_POST_COPY").isEmpty(), "it has moved without being recovered");
        }

        List<String> steps(String what) throws IOException, InterruptedException {
            return server.audit(path).stream()
                    .filter(line -> line.getString("what").equals(what))
                    .map(line -> line.getString("detail"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void streamBreaks(String target) throws Exception {
        Halves halves = new Halves("pb" + target, target);
        breaksAndIsRecovered(halves);
    }

    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void streamBreaksAndTheServerIsKilled(String target) throws Exception {
        Halves halves = new Halves("pk" + target, target);
        lab.breakStreams("h1");
        lab.rate("off");
        restart();
        halves.awaitArrival();
    }

    /** What was found under way must not be taken for going on when it does not. */
    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void streamBreaksAfterTheServerWasKilled(String target) throws Exception {
        Halves halves = new Halves("pa" + target, target);
        lab.rate("1mbit");
        restart();
        if (target.equals(P2P)) {
            await("it is adopted", () -> !halves.steps("ADOPT").isEmpty());
        }
        breaksAndIsRecovered(halves);
    }

    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void somebodyElseSwitchesAndTheServerIsKilled(String target) throws Exception {
        Halves halves = new Halves("pe" + target, target, path -> lab.switchToPostCopy("h1", "pe" + target));
        restart();
        halves.awaitArrival();
    }

    private void breaksAndIsRecovered(Halves halves) throws IOException, InterruptedException {
        lab.breakStreams("h1");
        halves.awaitAlert("OUTCOME_UNKNOWN");
        lab.rate("off");
        halves.awaitArrival();
        halves.wasRecovered();
    }

    private void restart() throws IOException, InterruptedException {
        server.kill();
        server.start(LabHosts.seed(), LabHosts.quickToNotice(settings()));
    }

    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void linkIsCutForAMinute(String target) throws Exception {
        Halves halves = new Halves("pc" + target, target);
        lab.link(target, false);
        try {
            // the time itself is what is tried
            Thread.sleep(60_000);
            halves.awaitAlert("HOST_OFFLINE");
        } finally {
            lab.link(target, true);
        }
        lab.rate("off");
        halves.awaitArrival();
    }
}
