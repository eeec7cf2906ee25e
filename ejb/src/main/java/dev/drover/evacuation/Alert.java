package dev.drover.evacuation;

import dev.drover.model.Failure;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that needs a human, or will if it lasts. What does not apply is null.
 *
 * @param since when it was first seen
 * @param told when it was last told
 * @param times how often it was told
 */
public record Alert(
        @Nullable UUID evacuation,
        @Nullable UUID migration,
        @Nullable String host,
        @Nullable String domain,
        Failure reason,
        Instant since,
        Instant told,
        int times) {

    /** What to do about it. */
    public String remedy() {
        return Remedy.of(reason);
    }
}
