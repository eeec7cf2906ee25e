package dev.drover.driver.simulated;

import dev.drover.hypervisor.HypervisorEvent.Lifecycle;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.JobStats;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.NodeInfo;
import dev.drover.time.Timers;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of all simulated hosts. One lock guards it, the migrations between them included; whom a change concerns
 * hears of it after the lock is free.
 */
public final class SimulatedFleet {

    private final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();
    private final Timers timers;
    private final MigrationsUnderWay migrations;
    private final SimulatedJobVerbs jobs;
    private final SimulatedDomainVerbs guests;
    private @Nullable FleetObserver observer;

    public SimulatedFleet(Timers timers, List<SimulatedHost> hosts, List<SimulatedDomain> domains) {
        this.timers = timers;
        this.migrations = new MigrationsUnderWay(this, timers);
        this.jobs = new SimulatedJobVerbs(this, migrations.ends());
        this.guests = new SimulatedDomainVerbs(this, migrations, timers);
        hosts.forEach(host -> nodes.put(host.name(), new SimulatedNode(host, this::changed)));
        domains.forEach(domain -> node(domain.host()).put(domain));
    }

    private void changed(@Nullable SimulatedDomain before, @Nullable SimulatedDomain after) {
        if (observer != null) {
            observer.changed(before, after);
        }
    }

    /** From now on this one sees every change of every copy. */
    public synchronized void observe(FleetObserver watching) {
        observer = watching;
    }

    /** Starts one more guest. */
    public synchronized void add(SimulatedDomain domain) {
        node(domain.host()).put(domain);
    }

    /** Every copy of every guest on every host, whether or not anybody could ask for it. */
    public synchronized List<SimulatedDomain> copies() {
        return nodes.values().stream().flatMap(node -> node.copies().stream()).toList();
    }

    /** What can go wrong with these hosts and their guests. */
    public SimulatedFaults faults() {
        return new SimulatedFaults(this, timers);
    }

    /** What clients ask of migrations under way. */
    SimulatedJobVerbs jobs() {
        return jobs;
    }

    /** What clients ask of guests. */
    SimulatedDomainVerbs guests() {
        return guests;
    }

    boolean hasHost(String name) {
        return nodes.containsKey(name);
    }

    /** In the order in which they were given. */
    public List<String> hostNames() {
        return List.copyOf(nodes.keySet());
    }

    synchronized NodeInfo nodeInfo(String host) {
        return node(host).info();
    }

    synchronized List<SimulatedDomain> domainsOn(String host) {
        return node(host).copies();
    }

    synchronized SimulatedDomain domain(String host, UUID uuid) {
        return node(host).require(uuid);
    }

    synchronized void requireAnswer(String host) {
        if (!node(host).answers()) {
            throw node(host).silence();
        }
    }

    synchronized boolean answers(String host) {
        return node(host).answers();
    }

    synchronized List<SimulatedConnection> connections(String host) {
        return node(host).connections();
    }

    /** @throws HypervisorException when nobody answers there */
    synchronized void connected(SimulatedConnection connection) {
        SimulatedNode node = node(connection.host());
        if (!node.answers()) {
            throw new HypervisorException(
                    FailureCode.NO_CONNECT,
                    connection.uri() + ": cannot connect: "
                            + (node.isLinked() ? "nobody listens" : "no route to " + node.name()));
        }
        node.connected(connection);
    }

    /** A client's connections end at one moment, as when it dies; peer-to-peer migrations go on. */
    void disconnected(List<SimulatedConnection> connections, Failure why) {
        act(told -> {
            connections.forEach(connection -> node(connection.host()).disconnected(connection));
            migrations.clientGone(connections, why, told);
            connections.forEach(connection -> told.add(() -> connection.lost(why)));
        });
    }

    synchronized Optional<SimulatedMigration> outgoing(String host, UUID domain) {
        return migrations.outgoing(host, domain);
    }

    /** @throws HypervisorException with libvirt's own numbers for what libvirt would refuse */
    synchronized SimulatedMigration migrate(SimulatedMigration.Order order) {
        return migrations.begin(order);
    }

    synchronized JobStats stats(SimulatedMigration migration) {
        return migration.stats();
    }

    synchronized void follow(SimulatedMigration migration, SimulatedJob job) {
        migration.follow(job);
    }

    /** A copy stops, and with it a migration that needs it. */
    void stop(String host, SimulatedDomain copy, int reason, Told told) {
        SimulatedNode node = node(host);
        node.stop(copy.uuid(), reason);
        node.tell(told, copy, Lifecycle.Kind.STOPPED, reason);
        migrations.copyGone(node, copy, told);
    }

    /** The stream of that migration's memory has ended. */
    void brokenOff(SimulatedMigration migration, Told told) {
        migrations.ends().brokenOff(migration, told);
    }

    /** Ends what an end of that daemon ends: incoming migrations always, outgoing ones where {@code outgoing}. */
    void daemonGone(SimulatedNode node, boolean outgoing, Told told) {
        migrations.daemonGone(node, outgoing, told);
    }

    /** Does something with all of the fleet, then tells whom it concerns. */
    void act(Consumer<Told> deed) {
        var told = new Told();
        synchronized (this) {
            deed.accept(told);
        }
        told.tell();
    }

    void with(String host, BiConsumer<SimulatedNode, Told> deed) {
        act(told -> deed.accept(node(host), told));
    }

    Collection<SimulatedNode> nodes() {
        return nodes.values();
    }

    SimulatedNode node(String name) {
        SimulatedNode node = nodes.get(name);
        if (node == null) {
            throw new HypervisorException(FailureCode.NO_CONNECT, "no simulated host is named '" + name + "'");
        }
        return node;
    }
}
