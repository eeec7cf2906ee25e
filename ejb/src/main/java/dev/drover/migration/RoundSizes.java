package dev.drover.migration;

import dev.drover.hypervisor.JobStats;

/**
 * How much the latest two rounds of a copy had to send, bytes, as far as they were looked at.
 *
 * @param round the latest round, from 1; 0 before the first
 */
public record RoundSizes(long round, long latest, long previous) {

    public static RoundSizes none() {
        return new RoundSizes(0, 0, 0);
    }

    /** After another look: what is left when a round is first seen is taken for its size. */
    public RoundSizes seen(JobStats stats) {
        if (stats.iteration() <= round) {
            return this;
        }
        // a round that was missed says nothing of the one before
        long before = stats.iteration() == round + 1 ? latest : 0;
        return new RoundSizes(stats.iteration(), stats.memoryRemaining(), before);
    }
}
