package dev.drover.evacuation;

import static dev.drover.evacuation.EvacuationState.CANCELLED;
import static dev.drover.evacuation.EvacuationState.CANCELLING;
import static dev.drover.evacuation.EvacuationState.COMPLETED;
import static dev.drover.evacuation.EvacuationState.FAILED;
import static dev.drover.evacuation.EvacuationState.INCOMPLETE;
import static dev.drover.evacuation.EvacuationState.PAUSED;
import static dev.drover.evacuation.EvacuationState.PLANNING;
import static dev.drover.evacuation.EvacuationState.RUNNING;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every step in an evacuation's life by its name in the audit trail, and from which states it may be taken. */
public enum EvacuationStep {
    PLAN(Set.of(), PLANNING),
    /** Its batch job begins to move its domains. */
    OPEN(Set.of(PLANNING), RUNNING),
    PAUSE(Set.of(PLANNING, RUNNING), PAUSED),
    RESUME(Set.of(PAUSED), RUNNING),
    CANCEL(Set.of(PLANNING, RUNNING, PAUSED), CANCELLING),
    COMPLETE(Set.of(PLANNING, RUNNING, PAUSED), COMPLETED),
    LEAVE_INCOMPLETE(Set.of(PLANNING, RUNNING, PAUSED), INCOMPLETE),
    END_CANCELLED(Set.of(CANCELLING), CANCELLED),
    FAIL(Set.of(PLANNING, RUNNING, PAUSED, CANCELLING), FAILED),
    /** Its record is closed; no domain is touched. */
    FORCE_CLOSE(Set.of(PLANNING, RUNNING, PAUSED, CANCELLING), FAILED),
    // what is done meanwhile and changes no state
    EXECUTE(Set.of(PLANNING, RUNNING, PAUSED, CANCELLING), null),
    ABORT_REFUSED(Set.of(CANCELLING), null);

    private final Set<EvacuationState> from;
    private final @Nullable EvacuationState to;

    EvacuationStep(Set<EvacuationState> from, @Nullable EvacuationState to) {
        this.from = from;
        this.to = to;
    }

    /** Whether it may be taken from that state. */
    boolean isFrom(EvacuationState state) {
        return from.contains(state);
    }

    /**
     * The state after this step.
     *
     * @throws IllegalStateException when it may not be taken from the evacuation's
     */
    EvacuationState after(Evacuation evacuation) {
        if (!isFrom(evacuation.state())) {
            throw new IllegalStateException("evacuation " + evacuation.id() + " of " + evacuation.host() + ": no "
                    + this + " from " + evacuation.state());
        }
        return to == null ? evacuation.state() : to;
    }
}
