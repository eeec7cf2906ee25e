package dev.drover.migration;

import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.time.Duration;
import java.util.Optional;

/**
 * When a migration is given up and how often it is tried again. Pure. A migration in post-copy is never given up.
 *
 * @param perGiB the time that each GiB of memory may take
 * @param shortest the time that any domain may take, however small
 * @param stallAfter given up when what is left to copy has had no new low for so long
 * @param retries further tries of an evacuation's domain, each after all others had their turn
 * @param retryAfter how long a domain waits whose host could not be reached
 */
public record MigrationLimits(
        Duration perGiB, Duration shortest, Duration stallAfter, int retries, Duration retryAfter) {

    private static final long MIB_PER_GIB = 1024;

    public MigrationLimits {
        if (perGiB.isNegative() || !isPositive(shortest) || !isPositive(stallAfter) || retries < 0) {
            throw new IllegalArgumentException("limits must be positive, retries not negative");
        }
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    /** 150 s a GiB and 300 s at least, 150 s without a new low, two further tries, 10 s apart when a host is away. */
    public static MigrationLimits defaults() {
        return new MigrationLimits(
                Duration.ofSeconds(150), Duration.ofSeconds(300), Duration.ofSeconds(150), 2, Duration.ofSeconds(10));
    }

    /** How long a domain of that size may take: the more of the two limits. */
    public Duration longest(long memoryMiB) {
        Duration bySize = perGiB.multipliedBy(memoryMiB).dividedBy(MIB_PER_GIB);
        return bySize.compareTo(shortest) > 0 ? bySize : shortest;
    }

    /** Why a migration is to be given up now, if it is. @param sinceNewLow how long ago less than ever was left */
    public Optional<Failure> exceeded(long memoryMiB, Duration elapsed, Duration sinceNewLow, boolean postCopy) {
        if (postCopy) {
            return Optional.empty();
        }
        if (elapsed.compareTo(longest(memoryMiB)) > 0) {
            return Optional.of(Failure.of(
                    FailureCode.NOT_CONVERGING,
                    "it took longer than the " + longest(memoryMiB).toSeconds() + " s that " + memoryMiB
                            + " MiB may take; give it more bandwidth, AUTO_CONVERGE or POSTCOPY"));
        }
        if (sinceNewLow.compareTo(stallAfter) > 0) {
            return Optional.of(Failure.of(
                    FailureCode.NOT_CONVERGING,
                    "the copy made no headway for " + stallAfter.toSeconds()
                            + " s: the guest changes its memory faster than it is sent; give it more bandwidth,"
                            + " AUTO_CONVERGE or POSTCOPY"));
        }
        return Optional.empty();
    }

    /** Whether a domain that did not move is tried again. @param tries how many there were */
    public boolean triesAgain(Migration migration, Failure why, int tries) {
        return migration.evacuation() != null && tries <= retries && isTransient(why);
    }

    // what the same call may not meet again: the other kinds come back as they are
    private static boolean isTransient(Failure why) {
        return switch (why.code()) {
            case HYPERVISOR_ERROR,
                    OPERATION_FAILED,
                    SYSTEM_ERROR,
                    RPC_ERROR,
                    NO_CONNECT,
                    OPERATION_TIMEOUT,
                    RESOURCE_BUSY,
                    POOL_EXHAUSTED,
                    HOST_OFFLINE,
                    NOT_CONVERGING -> true;
            default -> false;
        };
    }
}
