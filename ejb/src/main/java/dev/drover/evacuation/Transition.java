package dev.drover.evacuation;

import dev.drover.model.Failure;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something changed, as told to those who watch. What does not apply is null.
 *
 * @param id grows with each transition, also over restarts
 * @param progress 0 to 1
 */
public record Transition(
        long id,
        Instant at,
        Type type,
        @Nullable UUID evacuation,
        @Nullable UUID migration,
        @Nullable String host,
        @Nullable String domain,
        @Nullable String from,
        String to,
        @Nullable Double progress,
        @Nullable Failure reason) {

    /** What changed. */
    public enum Type {
        EVACUATION,
        MIGRATION,
        PROGRESS,
        ALERT,
        HOST
    }
}
