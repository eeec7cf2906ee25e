package dev.drover.planner;

import dev.drover.planner.Decision.Blocked;
import dev.drover.planner.Decision.MoveTo;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Where every active domain of a host goes. The same object answers a dry run and is what a run executes.
 *
 * @param decisions one for each active domain of the host, in the order in which they shall start
 */
public record EvacuationPlan(UUID id, PlanRequest request, Instant createdAt, List<Decision> decisions) {

    public EvacuationPlan {
        decisions = List.copyOf(decisions);
    }

    public List<MoveTo> moves() {
        return decisions.stream()
                .filter(MoveTo.class::isInstance)
                .map(MoveTo.class::cast)
                .toList();
    }

    public List<Blocked> blocked() {
        return decisions.stream()
                .filter(Blocked.class::isInstance)
                .map(Blocked.class::cast)
                .toList();
    }
}
