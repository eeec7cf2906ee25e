package dev.drover.planner;

import dev.drover.model.Domain;
import dev.drover.model.HostSnapshot;
import dev.drover.planner.Decision.MoveTo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Whether the fleet is still as a plan saw it. */
public final class Drift {

    private Drift() {}

    /** What has changed so that the plan no longer holds, in words; empty when it does. */
    public static Optional<String> between(EvacuationPlan plan, HostSnapshot source, List<Target> targets) {
        Map<UUID, Domain> active =
                source.activeDomains().stream().collect(Collectors.toMap(Domain::uuid, Function.identity()));
        for (Decision decision : plan.decisions()) {
            if (active.remove(decision.domain().uuid()) == null) {
                return Optional.of("'" + decision.domain().name() + "' no longer runs on "
                        + source.host().name());
            }
        }
        if (!active.isEmpty()) {
            return Optional.of("'" + active.values().iterator().next().name() + "' has come to "
                    + source.host().name());
        }
        return targets(plan, source, new ArrayList<>(targets));
    }

    private static Optional<String> targets(EvacuationPlan plan, HostSnapshot source, List<Target> left) {
        for (MoveTo move : plan.moves()) {
            int index = indexOf(left, move.destination());
            if (index < 0) {
                return Optional.of(move.destination() + " can no longer be used");
            }
            Target target = left.get(index);
            Domain now = source.domains().stream()
                    .filter(domain -> domain.uuid().equals(move.domain().uuid()))
                    .findFirst()
                    .orElse(move.domain());
            var refusal = Preflight.leaving(now, source).or(() -> Preflight.entering(now, source, target));
            if (refusal.isPresent()) {
                return Optional.of(refusal.get().message());
            }
            left.set(index, target.reserving(now.memoryMiB()));
        }
        return Optional.empty();
    }

    private static int indexOf(List<Target> targets, String name) {
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }
}
