package dev.drover.driver.simulated;

import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorEvent.Lifecycle;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import dev.drover.model.NodeInfo;
import dev.drover.time.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of all simulated hosts. One lock guards it; while migrations are under way a timer moves them on in small
 * steps, and when there are none nothing happens.
 */
final class SimulatedFleet {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration MAX_DOWNTIME = Duration.ofMillis(300);

    private final Map<String, SimulatedHost> hosts = new LinkedHashMap<>();
    private final Map<UUID, SimulatedDomain> domains = new LinkedHashMap<>();
    private final Map<UUID, SimulatedMigration> migrations = new LinkedHashMap<>();
    private final Map<String, List<Consumer<HypervisorEvent>>> listeners = new LinkedHashMap<>();
    private final Timers timers;
    private boolean ticking;

    SimulatedFleet(Timers timers, List<SimulatedHost> hosts, List<SimulatedDomain> domains) {
        this.timers = timers;
        hosts.forEach(host -> {
            this.hosts.put(host.name(), host);
            listeners.put(host.name(), new CopyOnWriteArrayList<>());
        });
        domains.forEach(domain -> this.domains.put(domain.uuid(), domain));
    }

    /** Starts one more guest. */
    synchronized void add(SimulatedDomain domain) {
        domains.put(domain.uuid(), domain);
    }

    synchronized boolean hasHost(String name) {
        return hosts.containsKey(name);
    }

    List<String> hostNames() {
        return List.copyOf(hosts.keySet());
    }

    synchronized NodeInfo nodeInfo(String name) {
        SimulatedHost host = host(name);
        long used = domains.values().stream()
                .filter(domain -> domain.host().equals(name))
                .mapToLong(SimulatedDomain::memoryMiB)
                .sum();
        long arriving = migrations.values().stream()
                .filter(migration -> migration.destination().equals(name))
                .mapToLong(migration -> migration.guest().memoryMiB())
                .sum();
        return new NodeInfo("simulated", host.cpus(), host.memoryMiB(), host.memoryMiB() - used - arriving);
    }

    synchronized List<SimulatedDomain> domainsOn(String host) {
        return domains.values().stream()
                .filter(domain -> domain.host().equals(host))
                .toList();
    }

    synchronized Optional<SimulatedMigration> outgoing(String host, UUID domain) {
        return Optional.ofNullable(migrations.get(domain))
                .filter(migration -> migration.guest().host().equals(host));
    }

    /** @throws HypervisorException with libvirt's own numbers for what libvirt would refuse */
    synchronized SimulatedMigration migrate(String source, UUID uuid, String destination, @Nullable String dname) {
        SimulatedDomain guest = on(source, uuid);
        if (migrations.containsKey(uuid)) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID, "domain '" + guest.name() + "' is being migrated already");
        }
        if (!guest.status().isRunning()) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID, "domain '" + guest.name() + "' is not running");
        }
        String newName = dname == null ? guest.name() : dname;
        if (domainsOn(destination).stream().anyMatch(there -> there.name().equals(newName))) {
            throw new HypervisorException(
                    FailureCode.OPERATION_FAILED, "domain '" + newName + "' already exists on " + destination);
        }
        if (nodeInfo(destination).freeMemoryMiB() < guest.memoryMiB()) {
            throw new HypervisorException(
                    FailureCode.HYPERVISOR_ERROR,
                    destination + " cannot allocate " + guest.memoryMiB() + " MiB for '" + newName + "'");
        }
        var migration = new SimulatedMigration(this, guest, destination, newName);
        migrations.put(uuid, migration);
        if (!ticking) {
            ticking = true;
            timers.after(STEP, this::tick);
        }
        return migration;
    }

    synchronized void resume(String host, UUID uuid) {
        SimulatedDomain guest = on(host, uuid);
        if (guest.status().isRunning()) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID, "domain '" + guest.name() + "' is running already");
        }
        domains.put(uuid, guest.running());
    }

    synchronized void destroy(String host, UUID uuid) {
        domains.remove(on(host, uuid).uuid());
        SimulatedMigration migration = migrations.remove(uuid);
        if (migration != null) {
            migration.fail(new HypervisorException(FailureCode.OPERATION_FAILED, "the domain was destroyed"));
        }
    }

    private SimulatedDomain on(String host, UUID uuid) {
        return Optional.ofNullable(domains.get(uuid))
                .filter(domain -> domain.host().equals(host))
                .orElseThrow(
                        () -> new HypervisorException(FailureCode.NO_DOMAIN, "domain " + uuid + " is not on " + host));
    }

    private void tick() {
        List<Runnable> told = new ArrayList<>();
        synchronized (this) {
            for (SimulatedMigration migration : List.copyOf(migrations.values())) {
                step(migration, rate(migration), told);
            }
            ticking = !migrations.isEmpty();
            if (ticking) {
                timers.after(STEP, this::tick);
            }
        }
        told.forEach(Runnable::run);
    }

    // each end's link is shared evenly by the streams on it
    private double rate(SimulatedMigration migration) {
        String source = migration.guest().host();
        String destination = migration.destination();
        long out = migrations.values().stream()
                .filter(other -> other.guest().host().equals(source))
                .count();
        long in = migrations.values().stream()
                .filter(other -> other.destination().equals(destination))
                .count();
        double fair = Math.min(
                host(source).linkBytesPerSecond() / out, host(destination).linkBytesPerSecond() / in);
        return Math.min(fair, migration.limit());
    }

    private void step(SimulatedMigration migration, double rate, List<Runnable> told) {
        PreCopy copy = migration.advance(STEP, rate);
        if (!copy.isRoundOver()) {
            return;
        }
        SimulatedDomain guest = migration.guest();
        if (copy.downtime(rate).compareTo(migration.maxDowntime(MAX_DOWNTIME)) > 0) {
            migration.nextRound();
            int round = copy.iteration() + 1;
            told.add(() ->
                    tell(guest.host(), new HypervisorEvent.MigrationIteration(guest.uuid(), guest.name(), round)));
            return;
        }
        migrations.remove(guest.uuid());
        SimulatedDomain arrived = guest.movedTo(migration.destination(), migration.newName());
        domains.put(guest.uuid(), arrived);
        migration.finish(copy.downtime(rate));
        told.add(() -> {
            tell(migration.destination(), new Lifecycle(arrived.uuid(), arrived.name(), Lifecycle.Kind.RESUMED, 1));
            tell(guest.host(), new Lifecycle(guest.uuid(), guest.name(), Lifecycle.Kind.STOPPED, 3));
            tell(guest.host(), new HypervisorEvent.JobCompleted(guest.uuid(), guest.name(), migration.now()));
            migration.succeed(arrived.domain());
        });
    }

    void abort(SimulatedMigration migration) {
        synchronized (this) {
            if (!migrations.remove(migration.domain(), migration)) {
                throw new HypervisorException(
                        FailureCode.OPERATION_INVALID,
                        "no job is active on domain '" + migration.guest().name() + "'");
            }
        }
        migration.fail(new HypervisorException(
                FailureCode.ABORTED, "migration of '" + migration.guest().name() + "' was aborted by the client"));
    }

    Runnable subscribe(String host, Consumer<HypervisorEvent> listener) {
        List<Consumer<HypervisorEvent>> all = listeners.getOrDefault(host, new CopyOnWriteArrayList<>());
        all.add(listener);
        return () -> all.remove(listener);
    }

    private void tell(String host, HypervisorEvent event) {
        listeners.getOrDefault(host, List.of()).forEach(listener -> listener.accept(event));
    }

    private SimulatedHost host(String name) {
        SimulatedHost host = hosts.get(name);
        if (host == null) {
            throw new HypervisorException(FailureCode.NO_CONNECT, "no simulated host is named '" + name + "'");
        }
        return host;
    }
}
