package dev.drover.evacuation;

import dev.drover.hypervisor.JobStats;
import dev.drover.migration.Migration;
import java.util.List;
import java.util.function.Function;

/**
 * How much of the work is done: memory that has arrived over memory that has to move. Pure. Blocked domains are no work.
 */
public final class Progress {

    private static final double ALMOST = 0.99;

    private Progress() {}

    /** 0 to 1 of one migration; 1 only once it is finished. */
    public static double of(Migration migration, JobStats stats) {
        if (migration.state().isFinal()) {
            return 1;
        }
        // later rounds send again what was dirtied, so the part still missing says more than the part sent
        if (stats.memoryTotal() <= 0) {
            return 0;
        }
        double done = 1 - (double) stats.memoryRemaining() / stats.memoryTotal();
        return Math.max(0, Math.min(ALMOST, done));
    }

    /** 0 to 1 of all of them, weighted by memory; 1 when there is nothing to do. */
    public static double of(List<Migration> migrations, Function<Migration, JobStats> stats) {
        double total = 0;
        double done = 0;
        for (Migration migration : migrations) {
            if (migration.route().destination() != null) {
                double weight = Math.max(1, migration.memoryMiB());
                total += weight;
                done += weight * of(migration, stats.apply(migration));
            }
        }
        return total == 0 ? 1 : done / total;
    }
}
