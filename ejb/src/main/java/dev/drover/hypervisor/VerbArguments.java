package dev.drover.hypervisor;

import dev.drover.model.FailureCode;
import java.time.Duration;

/** Refuses what no hypervisor can make sense of in the verbs of a migration; the same for every driver. Pure. */
public final class VerbArguments {

    private static final long LONGEST_MEASURING = 60;

    private VerbArguments() {}

    /** @return MiB/s, at least 1 */
    public static long speed(long mebibytesPerSecond) {
        if (mebibytesPerSecond < 1) {
            throw refused("speed: " + mebibytesPerSecond + " MiB/s is none; it must be at least 1");
        }
        return mebibytesPerSecond;
    }

    /** @return at least a millisecond */
    public static Duration downtime(Duration most) {
        if (most.toMillis() < 1) {
            throw refused("downtime: " + most.toMillis() + " ms is none; it must be at least 1");
        }
        return most;
    }

    /** @return whole seconds from 1 to 60 */
    public static Duration measuring(Duration over) {
        if (over.toSeconds() < 1 || over.toSeconds() > LONGEST_MEASURING) {
            throw refused("over: " + over + " must be whole seconds from 1 to " + LONGEST_MEASURING);
        }
        return over;
    }

    private static HypervisorException refused(String why) {
        return new HypervisorException(FailureCode.INVALID_ARGUMENT, why);
    }
}
