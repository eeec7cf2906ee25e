package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One domain's move, and the row of the journal that tells of it. A value: each transition gives a new one and refuses
 * those that make no sense.
 *
 * @param route from where to where
 * @param position its place in the evacuation's plan, from 0
 * @param attempt the latest try; null before the first
 * @param finishOrder its place among the evacuation's finished migrations, from 1; 0 until it is finished
 * @param bytes sent
 * @param downtimeMs how long the guest stood still, ms
 * @param newName the domain's name on the destination; null unless completed
 */
public record Migration(
        UUID id,
        @Nullable UUID evacuation,
        int position,
        UUID domain,
        String domainName,
        long memoryMiB,
        Route route,
        MigrateArguments arguments,
        MigrationState state,
        @Nullable Failure failure,
        @Nullable Attempt attempt,
        int finishOrder,
        long bytes,
        long downtimeMs,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String newName) {

    /** With these it FAILED when a human has to see to its domain: where it runs is not known, or a dead job keeps it. */
    public static final Set<FailureCode> OPEN_QUESTIONS =
            Set.of(FailureCode.QUARANTINED, FailureCode.OUTCOME_UNKNOWN, FailureCode.STUCK);

    /**
     * The two ends by name and by URI, as they were when the migration was planned.
     *
     * @param destination null, with its URI, for a domain that has nowhere to go
     */
    public record Route(
            String source, ConnectUri sourceUri, @Nullable String destination, @Nullable ConnectUri destinationUri) {}

    /**
     * A new one of a domain as its host describes it.
     *
     * @param position its place in the evacuation's plan
     * @param blocked why it cannot move; null when it can
     */
    public static Migration planned(
            @Nullable UUID evacuation,
            int position,
            Domain domain,
            Route route,
            MigrateArguments arguments,
            @Nullable Failure blocked,
            Instant now) {
        return new Migration(
                UUID.randomUUID(),
                evacuation,
                position,
                domain.uuid(),
                domain.name(),
                domain.memoryMiB(),
                route,
                arguments,
                blocked == null ? MigrationState.PLANNED : MigrationState.BLOCKED,
                blocked,
                null,
                0,
                0,
                0,
                now,
                null,
                blocked == null ? null : now,
                null);
    }

    /**
     * Its time from the first call to the end, or to {@code now}; zero before it has started. By the clock, so that it is
     * wrong by as much as that was set meanwhile, but never negative.
     */
    public Duration duration(Instant now) {
        if (startedAt == null) {
            return Duration.ZERO;
        }
        Duration duration =
                Duration.between(startedAt, Optional.ofNullable(finishedAt).orElse(now));
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /** Whether it has ended and a human has to see to its domain. */
    public boolean needsHelp() {
        return openQuestion().isPresent();
    }

    /** What a human has to see to; empty unless it {@linkplain #needsHelp needs help}. */
    public Optional<Failure> openQuestion() {
        return Optional.ofNullable(failure)
                .filter(why -> state == MigrationState.FAILED && OPEN_QUESTIONS.contains(why.code()));
    }

    /** Whether its latest try was driven by Drover alone. */
    boolean isManaged() {
        return attempt != null && attempt.mode() == MigrationMode.MANAGED;
    }

    /** Whether the switch to post-copy was asked for in its latest try, and not refused. */
    boolean hasAskedForPostCopy() {
        return attempt != null && attempt.convergence().postCopy();
    }

    /** Whether the guest has to stand still at the end, because its user wants it so. */
    public boolean endsPaused() {
        return attempt != null && attempt.endsPaused();
    }

    /** Whether its user suspended the guest during the copy, which the hypervisor forgets at the end. */
    public boolean wasSuspended() {
        return attempt != null && attempt.suspended();
    }

    /** PLANNED → RUNNING: the next thing that happens is the call. */
    public Migration begun(Instant now, MigrationMode mode, DomainStatus status) {
        int number = attempt == null ? 1 : attempt.number() + 1;
        var next = new Attempt(number, mode, status, false, ConvergencePosition.start(now));
        return copy(MigrationStep.BEGIN, null, next, finishOrder, 0, 0, now, null, null);
    }

    /** RUNNING → COMPLETED. @param warning what it still owes; null for nothing */
    public Migration completed(Instant now, long bytesSent, long downtime, String name, @Nullable Failure warning) {
        return copy(MigrationStep.COMPLETE, warning, attempt, finishOrder, bytesSent, downtime, startedAt, now, name);
    }

    /** PLANNED or RUNNING → FAILED. */
    public Migration failed(Instant now, Failure why, long bytesSent) {
        return copy(MigrationStep.FAIL, why, attempt, finishOrder, bytesSent, 0, startedAt, now, null);
    }

    /** PLANNED or RUNNING → CANCELLED. */
    public Migration cancelled(Instant now, Failure why, long bytesSent) {
        return copy(MigrationStep.CANCEL, why, attempt, finishOrder, bytesSent, 0, startedAt, now, null);
    }

    /** RUNNING → PLANNED: it was found out that the domain had not moved and nothing was under way. */
    public Migration replanned() {
        return copy(MigrationStep.REPLAN, null, attempt, finishOrder, 0, 0, null, null, null);
    }

    /** The same with more known about the try that runs. */
    Migration during(MigrationStep step, Attempt now) {
        return copy(step, failure, now, finishOrder, bytes, downtimeMs, startedAt, finishedAt, newName);
    }

    /** The same with its place among the finished ones. */
    public Migration numbered(int order) {
        return new Migration(
                id,
                evacuation,
                position,
                domain,
                domainName,
                memoryMiB,
                route,
                arguments,
                state,
                failure,
                attempt,
                order,
                bytes,
                downtimeMs,
                createdAt,
                startedAt,
                finishedAt,
                newName);
    }

    /** A line for the audit trail: this one came out of {@code before} by that step. */
    public AuditEntry entry(MigrationStep step, Actor by, @Nullable MigrationState before, Instant now, String detail) {
        return new AuditEntry(
                0, now, by, evacuation, id, step.name(), before == null ? null : before.name(), state.name(), detail);
    }

    private Migration copy(
            MigrationStep step,
            @Nullable Failure why,
            @Nullable Attempt latest,
            int order,
            long bytesSent,
            long downtime,
            @Nullable Instant started,
            @Nullable Instant finished,
            @Nullable String name) {
        return new Migration(
                id,
                evacuation,
                position,
                domain,
                domainName,
                memoryMiB,
                route,
                arguments,
                step.from(state, this),
                why,
                latest,
                order,
                bytesSent,
                downtime,
                createdAt,
                started,
                finished,
                name);
    }
}
