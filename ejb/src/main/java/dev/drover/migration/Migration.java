package dev.drover.migration;

import dev.drover.model.ConnectUri;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One domain's move, and the row of the journal that tells of it. A value: each transition gives a new one and refuses
 * those that make no sense.
 *
 * @param route from where to where
 * @param position its place in the evacuation's plan, from 0
 * @param prior what state the domain was in before the call; null until then
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
        @Nullable DomainStatus prior,
        int finishOrder,
        long bytes,
        long downtimeMs,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String newName) {

    /**
     * The two ends by name and by URI, as they were when the migration was planned.
     *
     * @param destination null, with its URI, for a domain that has nowhere to go
     */
    public record Route(
            String source, ConnectUri sourceUri, @Nullable String destination, @Nullable ConnectUri destinationUri) {}

    /** Its time from the first call to the end, or to {@code now}; zero before it has started. */
    public Duration duration(Instant now) {
        if (startedAt == null) {
            return Duration.ZERO;
        }
        return Duration.between(startedAt, Optional.ofNullable(finishedAt).orElse(now));
    }

    /** PLANNED → RUNNING: the next thing that happens is the call. */
    public Migration begun(Instant now, DomainStatus status) {
        require(MigrationState.PLANNED, MigrationState.RUNNING);
        return copy(MigrationState.RUNNING, null, status, 0, 0, now, null, null);
    }

    /** RUNNING → COMPLETED. */
    public Migration completed(Instant now, long bytesSent, long downtime, String name) {
        require(MigrationState.RUNNING, MigrationState.COMPLETED);
        return copy(MigrationState.COMPLETED, failure, prior, bytesSent, downtime, startedAt, now, name);
    }

    /** PLANNED or RUNNING → FAILED. */
    public Migration failed(Instant now, Failure why, long bytesSent) {
        requireUnfinished(MigrationState.FAILED);
        return copy(MigrationState.FAILED, why, prior, bytesSent, 0, startedAt, now, null);
    }

    /** PLANNED or RUNNING → CANCELLED. */
    public Migration cancelled(Instant now, Failure why, long bytesSent) {
        requireUnfinished(MigrationState.CANCELLED);
        return copy(MigrationState.CANCELLED, why, prior, bytesSent, 0, startedAt, now, null);
    }

    /** RUNNING → PLANNED: it was found out that the domain had not moved and nothing was under way. */
    public Migration replanned() {
        require(MigrationState.RUNNING, MigrationState.PLANNED);
        return copy(MigrationState.PLANNED, null, null, 0, 0, null, null, null);
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
                prior,
                order,
                bytes,
                downtimeMs,
                createdAt,
                startedAt,
                finishedAt,
                newName);
    }

    private Migration copy(
            MigrationState to,
            @Nullable Failure why,
            @Nullable DomainStatus priorStatus,
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
                to,
                why,
                priorStatus,
                finishOrder,
                bytesSent,
                downtime,
                createdAt,
                started,
                finished,
                name);
    }

    private void require(MigrationState from, MigrationState to) {
        if (state != from) {
            throw new IllegalStateException("migration " + id + " of " + domainName + ": " + state + " → " + to);
        }
    }

    private void requireUnfinished(MigrationState to) {
        if (state.isFinal()) {
            throw new IllegalStateException("migration " + id + " of " + domainName + ": " + state + " → " + to);
        }
    }
}
