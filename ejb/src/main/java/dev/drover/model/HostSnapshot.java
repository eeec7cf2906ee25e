package dev.drover.model;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A host as it was at one moment.
 *
 * @param node its resources; empty when it is {@link HostState#OFFLINE}
 * @param domains every domain on it, running or not; empty when offline, which does not mean that there are none
 * @param problem why it is offline
 */
public record HostSnapshot(
        Host host,
        HostState state,
        Optional<NodeInfo> node,
        List<Domain> domains,
        Optional<Failure> problem,
        Instant at) {

    public HostSnapshot {
        domains = List.copyOf(domains);
    }

    public static HostSnapshot online(Host host, NodeInfo node, List<Domain> domains, Instant at) {
        return new HostSnapshot(host, HostState.ONLINE, Optional.of(node), domains, Optional.empty(), at);
    }

    public static HostSnapshot offline(Host host, Failure problem, Instant at) {
        return new HostSnapshot(host, HostState.OFFLINE, Optional.empty(), List.of(), Optional.of(problem), at);
    }

    public HostSnapshot inMaintenance() {
        return new HostSnapshot(host, HostState.MAINTENANCE, node, domains, problem, at);
    }

    public boolean isReachable() {
        return state != HostState.OFFLINE;
    }

    /** The domains that hold memory: they must leave before the host is empty. */
    public List<Domain> activeDomains() {
        return domains.stream().filter(domain -> domain.status().isActive()).toList();
    }
}
