package dev.drover.hypervisor;

import dev.drover.model.Domain;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * A migration under way. Nothing in here blocks; stages complete on the driver's threads, always exceptionally with a
 * {@link HypervisorException}. A verb the hypervisor lacks fails with {@code NO_SUPPORT}.
 */
public interface MigrationJob {

    /** The domain that moves. */
    UUID domain();

    /** The new domain on the destination, or why it did not get there. Losing the connection fails it too. */
    CompletionStage<Domain> result();

    /**
     * Progress as the source sees it; zeros until the destination is ready. After the end: the final figures, as far as the
     * hypervisor has told them.
     */
    CompletionStage<JobStats> stats();

    /** Asks for an end; the guest goes on where it is. Completes when the wish is taken, not when the end is reached. */
    CompletionStage<Void> abort();

    /** Limits the copy from now on, MiB/s, at least 1. */
    CompletionStage<Void> setMaxSpeed(long mebibytesPerSecond);

    /** How long the guest may stand still at the end. */
    CompletionStage<Void> setMaxDowntime(Duration downtime);

    /** Switches to post-copy; only for a migration started with the POSTCOPY flag. */
    CompletionStage<Void> startPostCopy();
}
