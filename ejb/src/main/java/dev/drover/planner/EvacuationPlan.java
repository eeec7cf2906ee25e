package dev.drover.planner;

import dev.drover.model.MigrationLimit;
import dev.drover.planner.Decision.Blocked;
import dev.drover.planner.Decision.MoveTo;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Where every active domain of a host goes. The same object answers a dry run and is what a run executes.
 *
 * @param decisions one for each active domain of the host, in the order in which they shall start
 * @param limits what cannot be done to its migrations once they run
 */
public record EvacuationPlan(
        UUID id, PlanRequest request, Instant createdAt, List<Decision> decisions, Set<MigrationLimit> limits) {

    public EvacuationPlan {
        decisions = List.copyOf(decisions);
        limits = Set.copyOf(limits);
    }

    /** One whose migrations can be aborted and limited. */
    public EvacuationPlan(UUID id, PlanRequest request, Instant createdAt, List<Decision> decisions) {
        this(id, request, createdAt, decisions, Set.of());
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
