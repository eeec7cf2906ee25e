package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.drover.hypervisor.JobStats;
import dev.drover.migration.ConvergenceSchedule.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The steps for a guest that is too busy, case by case. */
class ConvergenceScheduleTest {

    private static final Instant NOW = Instant.parse("2026-11-25T00:00:00Z");
    private static final long MIB = 1024 * 1024;
    private static final ConvergenceSchedule SCHEDULE = ConvergenceSchedule.defaults();

    // sizes in MiB; the rate is 100 MiB/s
    @ParameterizedTest(name = "step {0} since round {1}, in round {2} of {3} after {4} MiB, post-copy {5}: {6}")
    @CsvSource({
        "0, 0, 1, 1000, 0,    false, stay",
        "0, 0, 2, 900,  1000, false, stay",
        "0, 0, 3, 900,  900,  false, 500 ms",
        "0, 0, 3, 540,  900,  false, stay",
        "0, 0, 3, 541,  900,  false, 500 ms",
        "1, 3, 5, 900,  900,  false, stay",
        "1, 3, 6, 900,  900,  false, 1000 ms",
        "2, 6, 9, 900,  900,  false, stay",
        "0, 0, 3, 900,  900,  true,  post-copy",
        "0, 0, 3, 9000, 9000, true,  500 ms",
    })
    void everyStepNeedsRoundsThatDoNotShrink(
            int step, long since, long round, long latest, long previous, boolean postCopy, String expected) {
        var at = new ConvergencePosition(step, NOW, since, false);
        var sizes = new RoundSizes(round, latest * MIB, previous * MIB);
        assertEquals(expected, word(SCHEDULE.next(at, sizes, 100 * MIB, postCopy, NOW)));
    }

    private static String word(Decision decision) {
        if (decision instanceof Decision.RaiseDowntime raise) {
            return raise.downtime().toMillis() + " ms";
        }
        return decision instanceof Decision.SwitchToPostCopy ? "post-copy" : "stay";
    }

    @Test
    void positionRemembersStepTimeAndRound() {
        var decision =
                SCHEDULE.next(ConvergencePosition.start(Instant.EPOCH), new RoundSizes(4, MIB, MIB), 0, true, NOW);
        assertEquals(
                new Decision.RaiseDowntime(Duration.ofMillis(500), new ConvergencePosition(1, NOW, 4, false)),
                decision);
    }

    @Test
    void nothingIsDoneOncePostCopyWasAskedFor() {
        var at = new ConvergencePosition(1, NOW, 3, true);
        assertEquals(new Decision.Stay(), SCHEDULE.next(at, new RoundSizes(9, MIB, MIB), MIB, true, NOW));
    }

    @Test
    void roundsAreMeasuredWhenTheyAreFirstSeenAndAGapSaysNothing() {
        RoundSizes sizes =
                RoundSizes.none().seen(stats(1, 100)).seen(stats(1, 50)).seen(stats(2, 30));
        assertEquals(new RoundSizes(2, 30, 100), sizes);
        assertEquals(new RoundSizes(5, 20, 0), sizes.seen(stats(5, 20)));
    }

    @Test
    void scheduleWithoutStepsIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new ConvergenceSchedule(List.of(), 1, 0.5, Duration.ofSeconds(1)));
    }

    private static JobStats stats(long round, long remaining) {
        return new JobStats(
                JobStats.Type.UNBOUNDED, Duration.ZERO, Duration.ZERO, 0, 0, 0, 0, 0, remaining, 0, 0, round, Map.of());
    }
}
