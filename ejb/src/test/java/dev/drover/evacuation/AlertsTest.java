package dev.drover.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.migration.Migration;
import dev.drover.migration.Moves;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertsTest {

    private static final Instant START = Instant.parse("2026-11-25T03:00:00Z");

    private final VirtualTimers time = new VirtualTimers(START);
    private final Alerts alerts = new Alerts(time);
    private final Migration web = Moves.planned("web", "h1", "h2", 1);
    private final Migration db = Moves.planned("db", "h1", "h2", 1);
    private final Evacuation evacuation = Evacuations.of("h1", EvacuationState.RUNNING);

    private static Failure why(FailureCode code) {
        return Failure.of(code, "because of " + code);
    }

    private List<FailureCode> codes() {
        return alerts.list().stream().map(alert -> alert.reason().code()).toList();
    }

    @Test
    void alertSaysWhatItIsAbout() {
        alerts.raise(web, why(FailureCode.HOST_OFFLINE));
        alerts.raise(evacuation, why(FailureCode.STUCK));
        alerts.raise(why(FailureCode.JOURNAL_UNAVAILABLE));

        Alert ofMigration = alerts.list().get(0);
        assertEquals(web.id(), ofMigration.migration());
        assertEquals("web", ofMigration.domain());
        assertEquals("h1", ofMigration.host());
        assertEquals(START, ofMigration.since());
        assertEquals(1, ofMigration.times());
        Alert ofEvacuation = alerts.list().get(1);
        assertEquals(evacuation.id(), ofEvacuation.evacuation());
        assertEquals(null, ofEvacuation.migration());
        assertEquals("h1", ofEvacuation.host());
        Alert ofServer = alerts.list().get(2);
        assertEquals(null, ofServer.evacuation());
        assertEquals(null, ofServer.host());
    }

    @Test
    void whatLastsIsToldAgainAfterOneTwoFourMinutesAndAtMostEachHour() {
        List<Long> toldAt = new ArrayList<>();
        for (long second = 0; second <= Duration.ofHours(4).toSeconds(); second += 5) {
            if (alerts.raise(web, why(FailureCode.HOST_OFFLINE))) {
                toldAt.add(second / 60);
            }
            time.advance(Duration.ofSeconds(5));
        }
        assertEquals(List.of(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L), toldAt);
        Alert standing = alerts.list().get(0);
        assertEquals(START, standing.since());
        assertEquals(START.plus(Duration.ofMinutes(183)), standing.told());
        assertEquals(9, standing.times());
    }

    @Test
    void twoCausesOfOneSubjectStandBesideEachOther() {
        assertTrue(alerts.raise(web, why(FailureCode.HOST_OFFLINE)));
        assertTrue(alerts.raise(web, why(FailureCode.JOURNAL_UNAVAILABLE)));
        assertEquals(List.of(FailureCode.HOST_OFFLINE, FailureCode.JOURNAL_UNAVAILABLE), codes());
    }

    @Test
    void whatStandsSaysWhatIsKnownByNowAlsoBeforeItIsToldAgain() {
        alerts.raise(web, why(FailureCode.QUARANTINED));
        assertFalse(alerts.list().get(0).acknowledgeable());
        time.advance(Duration.ofSeconds(5));
        Failure now = Failure.of(FailureCode.QUARANTINED, "it has ended so");
        assertFalse(alerts.raise(web.failed(START.plusSeconds(5), now, 0), now));

        Alert standing = alerts.list().get(0);
        assertTrue(standing.acknowledgeable());
        assertEquals(now, standing.reason());
        assertEquals(START, standing.since());
        assertEquals(START, standing.told());
        assertEquals(1, standing.times());
    }

    @Test
    void whatHadEndedBeforeItWasFirstSeenHereStandsSinceItsEnd() {
        Failure why = why(FailureCode.OUTCOME_UNKNOWN);
        alerts.raise(web.failed(START.minusSeconds(3600), why, 0), why);
        assertEquals(START.minusSeconds(3600), alerts.list().get(0).since());
        assertEquals(START, alerts.list().get(0).told());
    }

    @Test
    void whatIsClearedGoesWithAllItsCausesAndLeavesTheOthers() {
        alerts.raise(web, why(FailureCode.HOST_OFFLINE));
        alerts.raise(web, why(FailureCode.STUCK));
        alerts.raise(db, why(FailureCode.NOT_CONVERGING));
        alerts.raise(evacuation, why(FailureCode.DEADLINE_PASSED));
        alerts.raise(why(FailureCode.JOURNAL_UNAVAILABLE));

        alerts.clear(web.id());
        assertEquals(
                List.of(FailureCode.NOT_CONVERGING, FailureCode.DEADLINE_PASSED, FailureCode.JOURNAL_UNAVAILABLE),
                codes());
        alerts.clear();
        assertEquals(List.of(FailureCode.NOT_CONVERGING, FailureCode.DEADLINE_PASSED), codes());
    }

    @Test
    void whatComesBackAfterItWasGoneIsNewAndToldAtOnce() {
        alerts.raise(web, why(FailureCode.HOST_OFFLINE));
        time.advance(Duration.ofSeconds(10));
        alerts.clear(web.id());
        assertTrue(alerts.raise(web, why(FailureCode.HOST_OFFLINE)));
        assertEquals(START.plusSeconds(10), alerts.list().get(0).since());
        assertFalse(alerts.raise(web, why(FailureCode.HOST_OFFLINE)));
    }

    @Test
    void copyThatGetsOnDisprovesAllButThatItTakesTooLong() {
        alerts.raise(web, why(FailureCode.HOST_OFFLINE));
        alerts.raise(web, why(FailureCode.STUCK));
        alerts.raise(db, why(FailureCode.HOST_OFFLINE));

        alerts.gotOn(web.id());
        assertEquals(List.of(FailureCode.STUCK, FailureCode.HOST_OFFLINE), codes());
        // told at its own intervals, not anew at each step of the copy
        assertFalse(alerts.raise(web, why(FailureCode.STUCK)));
    }

    @Test
    void eachAlertSaysWhatToDo() {
        for (FailureCode code : FailureCode.values()) {
            alerts.raise(web, why(code));
        }
        alerts.list().forEach(alert -> assertFalse(alert.remedy().isBlank(), alert::toString));
        assertTrue(new Alerts(time).list().isEmpty());
    }
}
