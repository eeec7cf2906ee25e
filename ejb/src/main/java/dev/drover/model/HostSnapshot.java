package dev.drover.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A host as it was at one moment.
 *
 * @param node its resources; empty when it is {@link HostState#OFFLINE}
 * @param domains every domain on it, running or not; empty when offline, which does not mean that there are none
 * @param problem why it is offline
 * @param limits what cannot be done to a migration away from it
 */
public record HostSnapshot(
        Host host,
        HostState state,
        Optional<NodeInfo> node,
        List<Domain> domains,
        Optional<Failure> problem,
        Set<MigrationLimit> limits,
        Instant at) {

    public HostSnapshot {
        domains = List.copyOf(domains);
        limits = Set.copyOf(limits);
    }

    public static HostSnapshot online(Host host, NodeInfo node, List<Domain> domains, Instant at) {
        return new HostSnapshot(host, HostState.ONLINE, Optional.of(node), domains, Optional.empty(), Set.of(), at);
    }

    public static HostSnapshot offline(Host host, Failure problem, Instant at) {
        return new HostSnapshot(
                host, HostState.OFFLINE, Optional.empty(), List.of(), Optional.of(problem), Set.of(), at);
    }

    public HostSnapshot inMaintenance() {
        return new HostSnapshot(host, HostState.MAINTENANCE, node, domains, problem, limits, at);
    }

    public HostSnapshot limitedBy(Set<MigrationLimit> itsLimits) {
        return new HostSnapshot(host, state, node, domains, problem, itsLimits, at);
    }

    public boolean isReachable() {
        return state != HostState.OFFLINE;
    }

    /** The domains that hold memory: they must leave before the host is empty. */
    public List<Domain> activeDomains() {
        return domains.stream().filter(domain -> domain.status().isActive()).toList();
    }
}
