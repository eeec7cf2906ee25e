package dev.drover.evacuation;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.planner.EvacuationPlan;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The latest plans, so that a run can name the one that was shown. They live as long as the server. */
@ApplicationScoped
public class PlanStore {

    private static final int KEPT = 500;

    private final Map<UUID, EvacuationPlan> plans = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, EvacuationPlan> eldest) {
            return size() > KEPT;
        }
    };

    public synchronized void keep(EvacuationPlan plan) {
        plans.put(plan.id(), plan);
    }

    /** @throws FailureException {@link FailureCode#UNKNOWN_PLAN} */
    public synchronized EvacuationPlan plan(UUID id) {
        EvacuationPlan plan = plans.get(id);
        if (plan == null) {
            throw new FailureException(
                    FailureCode.UNKNOWN_PLAN,
                    "plan: no plan has the id " + id + "; the latest " + KEPT
                            + " are kept until the server restarts, so ask for a new one");
        }
        return plan;
    }
}
