package dev.drover.evacuation;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.model.Failure;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One evacuation of one host, or the return of its domains.
 *
 * @param host the host to empty, or to fill again
 * @param origin who asked, and through which surface
 * @param execution the latest execution of its batch job in the owner's job repository; 0 before there is one
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

    /** After that step. @throws IllegalStateException when it may not be taken from this state */
    public Evacuation in(EvacuationStep step) {
        return new Evacuation(
                id, kind, host, deadline, step.after(this), origin, execution, failure, createdAt, finishedAt);
    }

    /** After that step, which is the last. @throws IllegalStateException when it may not be taken from this state */
    public Evacuation ended(EvacuationStep step, @Nullable Failure why, Instant now) {
        return new Evacuation(id, kind, host, deadline, step.after(this), origin, execution, why, createdAt, now);
    }

    public Evacuation executedBy(long batchExecution) {
        return new Evacuation(id, kind, host, deadline, state, origin, batchExecution, failure, createdAt, finishedAt);
    }

    /** A line for the audit trail: this one came out of {@code before} by that step. */
    public AuditEntry entry(
            EvacuationStep step, Actor by, @Nullable EvacuationState before, Instant now, String detail) {
        return new AuditEntry(
                0, now, by, id, null, step.name(), before == null ? null : before.name(), state.name(), detail);
    }
}
