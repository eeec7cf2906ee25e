package dev.drover.evacuation;

import dev.drover.model.Failure;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One evacuation of one host, or the return of its domains.
 *
 * @param host the host to empty, or to fill again
 * @param origin who asked, and through which surface
 * @param execution the latest execution of its batch job; 0 before there is one
 * @param failure why it is FAILED or INCOMPLETE; null otherwise
 */
public record Evacuation(
        UUID id,
        Kind kind,
        String host,
        @Nullable Instant deadline,
        EvacuationState state,
        String origin,
        long execution,
        @Nullable Failure failure,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** Which way the domains go. */
    public enum Kind {
        EVACUATION,
        RETURN
    }

    /** @throws IllegalStateException from a final state, which stays for ever */
    public Evacuation in(EvacuationState next) {
        requireUnfinished(next);
        return new Evacuation(id, kind, host, deadline, next, origin, execution, failure, createdAt, null);
    }

    /** @throws IllegalStateException from a final state, which stays for ever */
    public Evacuation ended(EvacuationState end, @Nullable Failure why, Instant now) {
        requireUnfinished(end);
        return new Evacuation(id, kind, host, deadline, end, origin, execution, why, createdAt, now);
    }

    public Evacuation executedBy(long batchExecution) {
        return new Evacuation(id, kind, host, deadline, state, origin, batchExecution, failure, createdAt, finishedAt);
    }

    private void requireUnfinished(EvacuationState next) {
        if (state.isFinal()) {
            throw new IllegalStateException("evacuation " + id + " of " + host + ": " + state + " → " + next);
        }
    }
}
