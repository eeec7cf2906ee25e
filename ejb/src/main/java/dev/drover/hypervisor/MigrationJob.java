package dev.drover.hypervisor;

import dev.drover.model.Domain;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * A migration under way. Nothing in here blocks; stages complete on the driver's threads, always exceptionally with a
 * {@link HypervisorException}. A verb the hypervisor lacks fails with {@code NO_SUPPORT}.
 */
public interface MigrationJob {

    /** The domain that moves. */
    UUID domain();

    /** How far it has come; one that was adopted is in {@link MigrationPhase#PERFORM} until it ends. */
    MigrationPhase phase();

    /**
     * Hears the present phase at once and each later one before its call is made. The listener runs on the driver's threads
     * and must not block.
     */
    void onPhase(Consumer<MigrationPhase> listener);

    /** The new domain on the destination, or why it did not get there. Losing the connection fails it too. */
    CompletionStage<Domain> result();

    /**
     * Progress as the source sees it; zeros until the destination is ready. After the end: the final figures, as far as the
     * hypervisor has told them.
     */
    CompletionStage<JobStats> stats();

    /**
     * Asks for an end; the guest goes on where it is. Completes when the wish is taken, not when the end is reached. In
     * post-copy there is no way back: that is refused with {@code OPERATION_INVALID}.
     */
    CompletionStage<Void> abort();

    /** Limits the copy from now on, MiB/s, at least 1; not in post-copy. */
    CompletionStage<Void> setMaxSpeed(long mebibytesPerSecond);

    /** The limit of the copy, MiB/s, as the hypervisor has it. */
    CompletionStage<Long> maxSpeed();

    /** Limits what post-copy sends beyond the pages that the guest waits for, MiB/s; 0 is no limit. */
    CompletionStage<Void> setMaxPostCopySpeed(long mebibytesPerSecond);

    /** How long the guest may stand still at the end; at least a millisecond. */
    CompletionStage<Void> setMaxDowntime(Duration downtime);

    /** How long the guest may stand still at the end, as the hypervisor has it. */
    CompletionStage<Duration> maxDowntime();

    /**
     * Lets the guest run on the destination at once and sends the rest of its memory afterwards; only for a migration
     * started with the POSTCOPY flag. From then on neither host has all of the guest.
     */
    CompletionStage<Void> startPostCopy();

    /**
     * Whether the destination's copy stays there when this client dies after the switch: only in a managed migration that
     * this client has started itself, where copies are held.
     */
    boolean isHeldInPostCopy();

    /**
     * Breaks post-copy off so that it can be recovered later, by {@code startMigration} with the POSTCOPY_RESUME flag. Until
     * then the guest waits at the first page that is missing.
     */
    CompletionStage<Void> pausePostCopy();

    /** Size of the xbzrle cache, bytes. */
    CompletionStage<Long> compressionCache();

    /** Sets the size of the xbzrle cache; the hypervisor may round it. */
    CompletionStage<Void> setCompressionCache(long bytes);
}
