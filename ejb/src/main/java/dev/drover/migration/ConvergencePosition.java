package dev.drover.migration;

import java.time.Instant;

/**
 * How far a migration's convergence schedule has come; journalled, so that an adopted migration goes on from there.
 *
 * @param step index into the schedule's downtimes
 * @param since when that step was taken
 * @param rounds the copy's round when it was taken; 0 at the start
 * @param postCopy whether the switch to post-copy was asked for: from then on nothing may abort it
 */
public record ConvergencePosition(int step, Instant since, long rounds, boolean postCopy) {

    /** The same once the switch to post-copy is asked for. */
    ConvergencePosition afterSwitch(Instant now, long round) {
        return new ConvergencePosition(step, now, round, true);
    }

    /** Before the first round. */
    public static ConvergencePosition start(Instant now) {
        return new ConvergencePosition(0, now, 0, false);
    }
}
