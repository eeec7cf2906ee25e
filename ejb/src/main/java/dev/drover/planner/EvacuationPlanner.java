package dev.drover.planner;

import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.HostSnapshot;
import dev.drover.planner.Decision.Blocked;
import dev.drover.planner.Decision.MoveTo;
import dev.drover.planner.Decision.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Places the active domains of a host: the largest first, each on the target with most free memory, which is then
 * reserved for it. A domain that fits nowhere is Blocked with a reason for each target and does not stop the others.
 */
public final class EvacuationPlanner {

    // largest first leaves the small ones to fill the gaps; the name makes it the same order each time
    private static final Comparator<Domain> LARGEST_FIRST =
            Comparator.comparingLong(Domain::memoryMiB).reversed().thenComparing(Domain::name);

    private static final Comparator<Target> MOST_FREE_FIRST =
            Comparator.comparingLong(Target::freeMiB).reversed().thenComparing(Target::name);

    private EvacuationPlanner() {}

    /** One decision for each active domain of {@code source}; inactive definitions need no move. */
    public static List<Decision> decide(HostSnapshot source, List<Target> targets) {
        List<Target> left = new ArrayList<>(targets);
        return source.activeDomains().stream()
                .sorted(LARGEST_FIRST)
                .map(domain -> decide(domain, source, left))
                .toList();
    }

    private static Decision decide(Domain domain, HostSnapshot source, List<Target> targets) {
        String here = source.host().name();
        Optional<Failure> stuck = Preflight.leaving(domain, source);
        if (stuck.isPresent()) {
            return new Blocked(domain, List.of(new Reason(here, stuck.get())));
        }
        if (targets.isEmpty()) {
            Failure none = Failure.of(
                    FailureCode.NO_TARGET,
                    "no other host is online and out of maintenance, which one that was emptied is in while it is "
                            + "empty; add one, or name targets explicitly");
            return new Blocked(domain, List.of(new Reason(here, none)));
        }
        List<Reason> reasons = new ArrayList<>();
        targets.sort(MOST_FREE_FIRST);
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(i);
            Optional<Failure> refusal = Preflight.entering(domain, source, target);
            if (refusal.isEmpty()) {
                targets.set(i, target.reserving(domain.memoryMiB()));
                return new MoveTo(domain, target.name());
            }
            reasons.add(new Reason(target.name(), refusal.get()));
        }
        return new Blocked(domain, reasons);
    }
}
