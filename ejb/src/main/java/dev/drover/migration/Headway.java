package dev.drover.migration;

import dev.drover.hypervisor.JobStats;
import java.time.Duration;

/**
 * When a copy last came nearer to its end. What is left falls in every round, also in those that lead nowhere; so only a
 * round that began with less than any before counts, and within it every new low.
 *
 * @param round the latest round, 0 before the first
 * @param smallest what the smallest round had to send when it was first seen, bytes
 * @param low what was left at least in this round; meaningless when the round does not count
 * @param counts whether this round is the smallest so far
 * @param at {@link dev.drover.time.Timers#uptime} of the latest headway
 */
record Headway(long round, long smallest, long low, boolean counts, Duration at) {

    static Headway begin(Duration uptime) {
        return new Headway(-1, Long.MAX_VALUE, Long.MAX_VALUE, false, uptime);
    }

    /** After another look; one at a hypervisor that has not begun to count says nothing. */
    Headway seen(JobStats stats, Duration uptime) {
        if (stats.dataTotal() <= 0) {
            return new Headway(round, smallest, low, counts, uptime);
        }
        long left = stats.dataRemaining();
        if (stats.iteration() > round) {
            boolean smaller = left < smallest;
            return new Headway(stats.iteration(), Math.min(left, smallest), left, smaller, smaller ? uptime : at);
        }
        return counts && left < low ? new Headway(round, smallest, left, true, uptime) : this;
    }
}
