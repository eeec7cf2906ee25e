package dev.drover.planner;

import dev.drover.model.EvacuationPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an operator asks for: "empty this host".
 *
 * @param host name of the host to empty
 * @param targets names of the hosts that may take its domains; empty means any that is fit
 * @param deadline after which nothing further is started
 */
public record PlanRequest(String host, List<String> targets, EvacuationPolicy policy, Optional<Instant> deadline) {

    public PlanRequest {
        targets = targets.stream().distinct().toList();
    }

    public static PlanRequest of(String host) {
        return new PlanRequest(host, List.of(), EvacuationPolicy.LIVE, Optional.empty());
    }
}
