package dev.drover.chaos;

import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What the batch runtime remembers of its executions, across deaths: a dead one stays STARTED. */
final class Executions {

    /** As Jakarta Batch has them. */
    enum Status {
        STARTED,
        STOPPED,
        FAILED,
        COMPLETED
    }

    /**
     * One execution.
     *
     * @param restarted whether an earlier one worked on the same evacuation
     * @param checkpoint the place of the last migration that was reported
     */
    record Execution(long id, UUID evacuation, boolean restarted, Status status, int checkpoint) {}

    private final Map<Long, Execution> all = new HashMap<>();

    Execution begin(UUID evacuation, boolean restarted, int checkpoint) {
        var execution = new Execution(all.size() + 1L, evacuation, restarted, Status.STARTED, checkpoint);
        all.put(execution.id(), execution);
        return execution;
    }

    Execution get(long id) {
        Execution execution = all.get(id);
        if (execution == null) {
            throw new IllegalArgumentException("no execution has the id " + id);
        }
        return execution;
    }

    boolean has(long id) {
        return all.containsKey(id);
    }

    void checkpoint(long id, int place) {
        Execution now = get(id);
        all.put(id, new Execution(id, now.evacuation(), now.restarted(), now.status(), place));
    }

    void end(long id, Status status) {
        Execution now = get(id);
        all.put(id, new Execution(id, now.evacuation(), now.restarted(), status, now.checkpoint()));
    }
}
