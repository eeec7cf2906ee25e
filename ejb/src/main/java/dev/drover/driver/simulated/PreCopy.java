package dev.drover.driver.simulated;

import java.time.Duration;

/**
 * A pre-copy migration as a fluid: memory flows at the stream's rate while the guest dirties what has flowed already,
 * never more than its working set; the last round is sent while the guest stands still. Immutable; sizes in bytes.
 *
 * @param total memory of the guest
 * @param dirtyRate bytes per second that the guest changes
 * @param workingSet the most that can be dirty at once
 * @param remaining left in this round
 * @param dirtied changed since this round began
 * @param sent since the beginning
 * @param iteration round, from 1
 */
record PreCopy(
        double total,
        double dirtyRate,
        double workingSet,
        double remaining,
        double dirtied,
        double sent,
        int iteration) {

    static PreCopy begin(double total, double dirtyRate, double workingSet) {
        return new PreCopy(total, dirtyRate, Math.min(workingSet, total), total, 0, 0, 1);
    }

    /** After {@code elapsed} at {@code rate} bytes per second. */
    PreCopy advance(Duration elapsed, double rate) {
        double seconds = elapsed.toNanos() / 1e9;
        double flow = Math.min(remaining, rate * seconds);
        double dirty = Math.min(workingSet, dirtied + dirtyRate * seconds);
        return new PreCopy(total, dirtyRate, workingSet, remaining - flow, dirty, sent + flow, iteration);
    }

    boolean isRoundOver() {
        return remaining <= 0;
    }

    /** How long the guest would stand still if it were stopped now. */
    Duration downtime(double rate) {
        return Duration.ofNanos((long) (dirtied / rate * 1e9));
    }

    PreCopy nextRound() {
        return new PreCopy(total, dirtyRate, workingSet, dirtied, 0, sent, iteration + 1);
    }

    /** From the switch to post-copy on: what has not flowed yet and what has changed since is all that is left. */
    PreCopy switched() {
        return new PreCopy(total, 0, 0, remaining + dirtied, 0, sent, iteration + 1);
    }

    /** The last round, sent while the guest stands still. */
    PreCopy finished() {
        return new PreCopy(total, dirtyRate, workingSet, 0, 0, sent + dirtied, iteration + 1);
    }
}
