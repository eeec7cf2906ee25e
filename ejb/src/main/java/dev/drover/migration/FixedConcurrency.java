package dev.drover.migration;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Admits in order while neither the source nor the destination has its fixed number of migrations. */
public final class FixedConcurrency implements MigrationScheduler {

    private final int outgoing;
    private final int incoming;

    /**
     * @param outgoing most migrations away from one host at a time
     * @param incoming most migrations to one host at a time
     */
    public FixedConcurrency(int outgoing, int incoming) {
        if (outgoing < 1 || incoming < 1) {
            throw new IllegalArgumentException("at least one migration each way must be allowed");
        }
        this.outgoing = outgoing;
        this.incoming = incoming;
    }

    @Override
    public List<Migration> admit(List<Migration> waiting, Collection<Migration> running) {
        Map<String, Integer> out = new HashMap<>();
        Map<String, Integer> in = new HashMap<>();
        running.forEach(migration -> count(migration, out, in));
        List<Migration> admitted = new ArrayList<>();
        for (Migration migration : waiting) {
            if (out.getOrDefault(migration.route().source(), 0) < outgoing
                    && in.getOrDefault(destination(migration), 0) < incoming) {
                count(migration, out, in);
                admitted.add(migration);
            }
        }
        return admitted;
    }

    private static void count(Migration migration, Map<String, Integer> out, Map<String, Integer> in) {
        out.merge(migration.route().source(), 1, Integer::sum);
        in.merge(destination(migration), 1, Integer::sum);
    }

    private static String destination(Migration migration) {
        String destination = migration.route().destination();
        return destination == null ? "" : destination;
    }
}
