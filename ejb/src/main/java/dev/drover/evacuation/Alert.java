package dev.drover.evacuation;

import dev.drover.model.Failure;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that needs a human, or will if it lasts. What does not apply is null.
 *
 * @param since when it was first seen, or when what it is about had ended before
 * @param told when it was last told
 * @param times how often it was told
 * @param acknowledgeable whether it is about a migration that has ended, so that it stands until a human says that
 *     somebody has seen to it
 */
public record Alert(
        @Nullable UUID evacuation,
        @Nullable UUID migration,
        @Nullable String host,
        @Nullable String domain,
        Failure reason,
        Instant since,
        Instant told,
        int times,
        boolean acknowledgeable) {

    /** What to do about it. */
    public String remedy() {
        return Remedy.of(reason);
    }
}
