package dev.drover.evacuation;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The durable rows of evacuations; each call is a transaction of its own. */
public interface EvacuationStore {

    void insert(Evacuation evacuation);

    void update(Evacuation evacuation);

    Optional<Evacuation> find(UUID id);

    /** The newest first, at most {@code limit}. */
    List<Evacuation> newest(int limit);

    List<Evacuation> unfinished();

    /** The newest whose latest batch execution is one of these. */
    Optional<Evacuation> ofExecutions(List<Long> executions);

    /** The newest evacuation of that host that ended COMPLETED, unless its domains were returned since. */
    Optional<Evacuation> lastCompleted(String host);
}
