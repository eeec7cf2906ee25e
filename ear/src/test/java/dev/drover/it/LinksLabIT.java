package dev.drover.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an evacuation when the destination's link is cut: rows of the table of faults in OPERATIONS.md. */
@Tag("lab")
class LinksLabIT extends OnLabHosts {

    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void cutForASecond(String target) throws Exception {
        Departure departure = underWay("c1" + target, target);
        lab.link(target, false);
        pass(1);
        lab.link(target, true);
        lab.rate("off");
        departure.awaitArrival();
        departure.everyGuestTookTries(1);
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void cutForAMinute(String target) throws Exception {
        Departure departure = underWay("c6" + target, target);
        lab.link(target, false);
        try {
            pass(60);
            departure.awaitAlerts("HOST_OFFLINE");
            awaitHost(target, "OFFLINE");
            lab.rate("off");
        } finally {
            lab.link(target, true);
        }
        departure.awaitArrival();
    }

    /** Nobody can know what became of the copies over there: nothing is done until a person closes the record. */
    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {P2P, MANAGED})
    void cutForGood(String target) throws Exception {
        Departure departure = underWay("cg" + target, target);
        lab.link(target, false);
        try {
            departure.awaitAlerts("HOST_OFFLINE");
            awaitHost(target, "OFFLINE");
            departure.say("cancel", "");
            departure.awaitAlerts("HOST_OFFLINE", "CANCELLING");
            departure.say("force-close", "{\"reason\": \"the link is gone\"}");
            departure.awaitState("FAILED");
        } finally {
            lab.link(target, true);
        }
        // only now can all hosts be asked
        departure.everyGuestRunsOnceOn(List.of("h1"));
        departure.everyGuestIsWhole();
        assertEquals(List.of(), departure.alertCodes());
    }

    // the time itself is what is tried
    private static void pass(int seconds) throws InterruptedException {
        Thread.sleep(seconds * 1000L);
    }
}
