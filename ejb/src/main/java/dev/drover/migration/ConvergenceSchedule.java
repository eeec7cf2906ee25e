package dev.drover.migration;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is done about a guest that changes its memory faster than it can be copied: a longer standstill at the end, step by
 * step, or post-copy where it is permitted. Pure. Auto-converge is no step: hypervisors take it at the start only.
 *
 * @param downtimes the longest standstill of each step; the first is the hypervisor's own and is not set
 * @param rounds the rounds that each step gets before the next
 * @param shrinking a round of at most that share of the one before converges by itself
 * @param longestPostCopy post-copy only when the rest arrives within that time
 */
public record ConvergenceSchedule(List<Duration> downtimes, int rounds, double shrinking, Duration longestPostCopy) {

    public ConvergenceSchedule {
        downtimes = List.copyOf(downtimes);
        if (downtimes.isEmpty() || rounds < 1) {
            throw new IllegalArgumentException("a schedule needs one step and one round at least");
        }
    }

    /** 300 → 500 → 1000 ms, two rounds each. */
    public static ConvergenceSchedule defaults() {
        return new ConvergenceSchedule(
                List.of(Duration.ofMillis(300), Duration.ofMillis(500), Duration.ofMillis(1000)),
                2,
                0.6,
                Duration.ofSeconds(60));
    }

    /** What to do now. */
    public sealed interface Decision {
        /** Nothing. */
        record Stay() implements Decision {}

        /** Let the guest stand still for longer; the position says the step. */
        record RaiseDowntime(Duration downtime, ConvergencePosition next) implements Decision {}

        /** Switch to post-copy. */
        record SwitchToPostCopy(ConvergencePosition next) implements Decision {}
    }

    /**
     * @param seen the sizes of the latest rounds
     * @param bytesPerSecond the copy's rate; 0 when unknown
     * @param postCopyPermitted whether the migration was started with the flag for it
     */
    public Decision next(
            ConvergencePosition at, RoundSizes seen, long bytesPerSecond, boolean postCopyPermitted, Instant now) {
        boolean early = seen.round() <= at.rounds() + rounds;
        boolean converging = seen.previous() == 0 || seen.latest() <= shrinking * seen.previous();
        if (at.postCopy() || early || converging) {
            return new Decision.Stay();
        }
        boolean endsSoon = bytesPerSecond > 0 && seen.latest() / bytesPerSecond <= longestPostCopy.toSeconds();
        if (postCopyPermitted && endsSoon) {
            return new Decision.SwitchToPostCopy(at.afterSwitch(now, seen.round()));
        }
        int next = at.step() + 1;
        return next < downtimes.size()
                ? new Decision.RaiseDowntime(
                        downtimes.get(next), new ConvergencePosition(next, now, seen.round(), false))
                : new Decision.Stay();
    }
}
