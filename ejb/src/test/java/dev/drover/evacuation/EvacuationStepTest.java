package dev.drover.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EvacuationStepTest {

    private static String after(EvacuationStep step, EvacuationState from) {
        return step.isFrom(from) ? step.after(Evacuations.of("h1", from)).name() : "-";
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            useHeadersInDisplayName = true,
            delimiter = '|',
            textBlock =
                    """
            step             | PLANNING   | RUNNING    | PAUSED     | CANCELLING
            PLAN             | -          | -          | -          | -
            OPEN             | RUNNING    | -          | -          | -
            PAUSE            | PAUSED     | PAUSED     | -          | -
            RESUME           | -          | -          | RUNNING    | -
            CANCEL           | CANCELLING | CANCELLING | CANCELLING | -
            COMPLETE         | COMPLETED  | COMPLETED  | COMPLETED  | -
            LEAVE_INCOMPLETE | INCOMPLETE | INCOMPLETE | INCOMPLETE | -
            END_CANCELLED    | -          | -          | -          | CANCELLED
            FAIL             | FAILED     | FAILED     | FAILED     | FAILED
            FORCE_CLOSE      | FAILED     | FAILED     | FAILED     | FAILED
            EXECUTE          | PLANNING   | RUNNING    | PAUSED     | CANCELLING
            ABORT_REFUSED    | -          | -          | -          | CANCELLING
            """)
    void stepLeadsFromEachStateToTheNextOrIsRefused(
            EvacuationStep step, String planning, String running, String paused, String cancelling) {
        assertEquals(planning, after(step, EvacuationState.PLANNING));
        assertEquals(running, after(step, EvacuationState.RUNNING));
        assertEquals(paused, after(step, EvacuationState.PAUSED));
        assertEquals(cancelling, after(step, EvacuationState.CANCELLING));
    }

    @ParameterizedTest
    @EnumSource(EvacuationStep.class)
    void nothingLeadsOutOfAnEnd(EvacuationStep step) {
        for (EvacuationState state : EvacuationState.values()) {
            if (state.isFinal()) {
                var refusal = assertThrows(
                        IllegalStateException.class, () -> step.after(Evacuations.of("h1", state)), state::name);
                assertTrue(refusal.toString().contains("no " + step + " from " + state), refusal::toString);
            }
        }
    }

    @Test
    void everyUnfinishedStateHasAWayOutAndABoundAfterWhichItIsTold() {
        for (EvacuationState state : EvacuationState.values()) {
            boolean leaves = Arrays.stream(EvacuationStep.values())
                    .filter(step -> step.isFrom(state))
                    .anyMatch(step -> step.after(Evacuations.of("h1", state)).isFinal());
            assertEquals(!state.isFinal(), leaves, state::name);
            assertEquals(!state.isFinal(), Watchdog.bound(state).isPresent(), state::name);
        }
    }

    @Test
    void everyStepOfTheTrailFitsItsColumn() {
        assertEquals(
                "",
                Arrays.stream(EvacuationStep.values())
                        .map(Enum::name)
                        .filter(name -> name.length() > 40)
                        .collect(Collectors.joining()));
    }
}
