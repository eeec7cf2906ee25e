package dev.drover.evacuation;

import dev.drover.fleet.HostInspector;
import dev.drover.fleet.HostMonitor;
import dev.drover.fleet.HostRegistry;
import dev.drover.fleet.HostStore;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.migration.MigrationService;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.Host;
import dev.drover.model.HostSnapshot;
import dev.drover.model.HostState;
import dev.drover.planner.PlanRequest;
import dev.drover.planner.Target;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The hosts as an operator sees them: what they say of themselves, and which of them are being emptied. */
@ApplicationScoped
public class FleetView {

    private final HostRegistry registry;
    private final HostInspector inspector;
    private final HostMonitor monitor;
    private final MigrationService migrations;
    private final EvacuationStore evacuations;

    @Inject
    public FleetView(
            HostRegistry registry,
            HostInspector inspector,
            HostMonitor monitor,
            MigrationService migrations,
            EvacuationStore evacuations) {
        this.registry = registry;
        this.inspector = inspector;
        this.monitor = monitor;
        this.migrations = migrations;
        this.evacuations = evacuations;
    }

    /** All hosts as they are now; one that does not answer is offline and holds up no other. */
    public List<HostSnapshot> hosts() {
        return look(registry.hosts());
    }

    /** @throws FailureException {@link FailureCode#UNKNOWN_HOST} */
    public HostSnapshot host(String name) {
        return look(List.of(registry.host(name))).get(0);
    }

    /** What a migration away from that host may say. @throws FailureException when it is unknown or does not answer */
    public MigrationSupport migrationSupport(String name) {
        return inspector.migrationSupport(registry.host(name));
    }

    /** Looks at a host to be emptied. @throws FailureException when it is unknown or does not answer */
    HostSnapshot source(String name) {
        HostSnapshot snapshot = host(name);
        if (!snapshot.isReachable()) {
            throw new FailureException(
                    FailureCode.HOST_OFFLINE,
                    "host: " + name + " does not answer, so it is not known what runs there: "
                            + snapshot.problem().map(f -> f.message()).orElse("offline"));
        }
        return snapshot;
    }

    /** The hosts that a request allows, with what is promised on them already. */
    List<Target> targets(PlanRequest request) {
        List<HostSnapshot> candidates = request.targets().isEmpty()
                ? hosts().stream()
                        .filter(host -> !host.host().name().equals(request.host()))
                        .filter(host -> host.state() == HostState.ONLINE)
                        .toList()
                : look(named(request));
        return candidates.stream()
                .map(host -> new Target(host, migrations.reservedMiB(host.host().name())))
                .toList();
    }

    private List<Host> named(PlanRequest request) {
        Map<String, Host> known = registry.hosts().stream().collect(Collectors.toMap(Host::name, Function.identity()));
        return request.targets().stream()
                .map(name -> {
                    if (name.equals(request.host())) {
                        throw new FailureException(
                                FailureCode.INVALID_ARGUMENT,
                                "targets: " + name + " is the host to be emptied; leave it out");
                    }
                    Host host = known.get(name);
                    if (host == null) {
                        throw registry.unknown("targets", name);
                    }
                    return host;
                })
                .toList();
    }

    private List<HostSnapshot> look(List<Host> hosts) {
        List<HostSnapshot> seen = inspector.inspect(hosts);
        seen.forEach(monitor::remember);
        Set<String> emptying = evacuations.unfinished().stream()
                .filter(evacuation -> evacuation.kind() == Evacuation.Kind.EVACUATION)
                .map(Evacuation::host)
                .collect(Collectors.toSet());
        return seen.stream()
                .map(host -> host.isReachable() && isInMaintenance(host, emptying) ? host.inMaintenance() : host)
                .toList();
    }

    // emptied and still empty: somebody is about to service it, or does so now; its first domain ends that
    private boolean isInMaintenance(HostSnapshot host, Set<String> emptying) {
        String name = host.host().name();
        return emptying.contains(name)
                || host.activeDomains().isEmpty()
                        && evacuations
                                .lastCompleted(name)
                                .filter(last -> registry.entries().stream()
                                        .filter(entry -> entry.host().name().equals(name))
                                        .map(HostStore.Entry::registeredAt)
                                        .anyMatch(at -> at.isBefore(last.createdAt())))
                                .isPresent();
    }
}
