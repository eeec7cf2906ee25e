package dev.drover.driver.simulated;

import dev.drover.driver.simulated.SimulatedMigration.Phase;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.JobStats;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.NodeInfo;
import dev.drover.time.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state of all simulated hosts. One lock guards it; while migrations are under way a timer moves them on in small
 * steps, and when there are none nothing happens.
 */
public final class SimulatedFleet {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final int RUNNING_UNPAUSED = 5;
    private static final int SHUTOFF_DESTROYED = 2;

    private final Map<String, SimulatedNode> nodes = new LinkedHashMap<>();
    private final List<SimulatedMigration> migrations = new ArrayList<>();
    private final Map<UUID, SimulatedMigration> broken = new LinkedHashMap<>();
    private final MigrationEnds ends = new MigrationEnds(this::forget);
    private final MigrationPhases phases = new MigrationPhases(ends);
    private final Timers timers;
    private @Nullable FleetObserver observer;
    private boolean ticking;

    public SimulatedFleet(Timers timers, List<SimulatedHost> hosts, List<SimulatedDomain> domains) {
        this.timers = timers;
        hosts.forEach(host -> nodes.put(host.name(), new SimulatedNode(host, this::changed)));
        domains.forEach(domain -> node(domain.host()).put(domain));
    }

    private void forget(SimulatedMigration migration) {
        migrations.remove(migration);
        if (migration.isBrokenOff()) {
            broken.put(migration.guest().uuid(), migration);
        }
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
            for (SimulatedMigration migration : List.copyOf(migrations)) {
                if (migration.isManaged()) {
                    disconnected(migration, connections, why, told);
                }
            }
            connections.forEach(connection -> told.add(() -> connection.lost(why)));
        });
    }

    private void disconnected(
            SimulatedMigration migration, List<SimulatedConnection> connections, Failure why, Told told) {
        SimulatedConnection toSource = migration.order().client().get(0);
        SimulatedConnection toDestination = migration.order().client().get(1);
        if (connections.contains(toSource)) {
            ends.abandoned(migration, why, told);
        } else if (connections.contains(toDestination)) {
            ends.failed(migration, why, told);
        }
    }

    synchronized Optional<SimulatedMigration> outgoing(String host, UUID domain) {
        return migrations.stream()
                .filter(migration -> migration.source().name().equals(host))
                .filter(migration -> migration.guest().uuid().equals(domain))
                .findFirst();
    }

    /** @throws HypervisorException with libvirt's own numbers for what libvirt would refuse */
    synchronized SimulatedMigration migrate(SimulatedMigration.Order order) {
        SimulatedDomain guest = order.guest();
        if (outgoing(order.source().name(), guest.uuid()).isPresent()) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID, "domain '" + guest.name() + "' is being migrated already");
        }
        if (!guest.status().isActive()) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID, "domain '" + guest.name() + "' is not running");
        }
        if (order.flags().contains(MigrateFlag.POSTCOPY_RESUME)) {
            return begun(recovered(order));
        }
        broken.remove(guest.uuid());
        return begun(new SimulatedMigration(order, MigrationPhases.first()));
    }

    private SimulatedMigration recovered(SimulatedMigration.Order order) {
        UUID uuid = order.guest().uuid();
        SimulatedMigration stopped = broken.get(uuid);
        Optional<SimulatedDomain> there =
                order.destination().copy(uuid).filter(copy -> copy.status().isPostCopy());
        if (stopped == null || there.isEmpty() || !order.guest().status().isPostCopy()) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID,
                    "no post-copy of '" + order.guest().name() + "' to "
                            + order.destination().name() + " has broken off; leave POSTCOPY_RESUME out");
        }
        broken.remove(uuid);
        order.source().put(order.guest().in(DomainState.PAUSED, DomainStatus.PAUSED_POSTCOPY));
        order.destination().put(there.get().in(DomainState.RUNNING, DomainStatus.RUNNING_POSTCOPY));
        return stopped.recovered(new SimulatedMigration.Order(
                stopped.guest(),
                order.source(),
                order.destination(),
                stopped.order().newName(),
                order.flags(),
                order.mode(),
                order.client()));
    }

    private SimulatedMigration begun(SimulatedMigration migration) {
        migrations.add(migration);
        if (!ticking) {
            ticking = true;
            timers.after(STEP, this::tick);
        }
        return migration;
    }

    synchronized JobStats stats(SimulatedMigration migration) {
        return migration.stats();
    }

    void follow(SimulatedMigration migration, SimulatedJob job) {
        synchronized (this) {
            migration.follow(job);
        }
    }

    private void tick() {
        act(told -> {
            for (SimulatedMigration migration : List.copyOf(migrations)) {
                // one may have ended through another
                if (migration.phase() != Phase.ENDED) {
                    phases.step(migration, STEP, rate(migration), told);
                    var step = migration.step();
                    migration.followers().forEach(job -> told.add(() -> job.enter(step)));
                }
            }
            nodes.values().forEach(this::letLeave);
            ticking = !migrations.isEmpty();
            if (ticking) {
                timers.after(STEP, this::tick);
            }
        });
    }

    // each end's link is shared evenly by the streams on it
    private double rate(SimulatedMigration migration) {
        long out = migrations.stream()
                .filter(other -> other.source().equals(migration.source()))
                .count();
        long in = migrations.stream()
                .filter(other -> other.destination().equals(migration.destination()))
                .count();
        double fair = Math.min(
                migration.source().host().linkBytesPerSecond() / out,
                migration.destination().host().linkBytesPerSecond() / in);
        return Math.min(fair, migration.limit());
    }

    private void letLeave(SimulatedNode node) {
        if (node.daemon() == SimulatedNode.Daemon.LEAVING
                && migrations.stream().noneMatch(migration -> migration.source().equals(node))) {
            node.become(SimulatedNode.Daemon.DOWN);
        }
    }

    /** Changes a migration under way. @throws HypervisorException when there is no such job any more */
    void change(SimulatedMigration migration, Consumer<SimulatedMigration> wish) {
        synchronized (this) {
            if (migration.phase() == Phase.ENDED) {
                throw noJob(migration);
            }
        }
        wish.accept(migration);
    }

    private static HypervisorException noJob(SimulatedMigration migration) {
        return new HypervisorException(
                FailureCode.OPERATION_INVALID,
                "no job is active on domain '" + migration.guest().name() + "'");
    }

    void abort(SimulatedMigration migration) {
        act(told -> {
            switch (migration.phase()) {
                case BEGIN, PREPARE, PERFORM ->
                    ends.failed(
                            migration,
                            Failure.of(
                                    FailureCode.ABORTED,
                                    "migration of '" + migration.guest().name() + "' was aborted by the client"),
                            told);
                case POST_COPY ->
                    throw new HypervisorException(
                            FailureCode.OPERATION_INVALID,
                            "'" + migration.guest().name() + "' is in post-copy, which cannot be aborted: neither host "
                                    + "has all of it; wait for its end");
                case SWITCHOVER, FINISH, CONFIRM ->
                    throw new HypervisorException(
                            FailureCode.OPERATION_INVALID,
                            "the migration of '" + migration.guest().name() + "' can no longer be aborted");
                case ENDED -> throw noJob(migration);
            }
        });
    }

    /** Breaks post-copy off, to be recovered later. */
    void pausePostCopy(SimulatedMigration migration) {
        act(told -> {
            if (migration.phase() != Phase.POST_COPY) {
                throw new HypervisorException(
                        FailureCode.OPERATION_INVALID,
                        "'" + migration.guest().name() + "' is not in post-copy; abort it instead");
            }
            ends.failed(
                    migration,
                    Failure.of(
                            FailureCode.OPERATION_FAILED,
                            "post-copy of '" + migration.guest().name() + "' broke off; recover it"),
                    told);
            // asked for, it is told to both ends at once; a cut link leaves the destination at "in post-copy"
            migration
                    .destination()
                    .copy(migration.guest().uuid())
                    .filter(copy -> copy.status().isPostCopy())
                    .ifPresent(copy -> migration
                            .destination()
                            .put(copy.in(DomainState.RUNNING, DomainStatus.RUNNING_POSTCOPY_FAILED)));
        });
    }

    /** How fast a guest changes its memory, bytes per second, told when the time is over. */
    CompletionStage<Long> dirtyRate(String host, UUID uuid, Duration over) {
        CompletableFuture<Long> measured = new CompletableFuture<>();
        synchronized (this) {
            SimulatedDomain copy = node(host).require(uuid);
            double rate = Math.min(copy.dirtyRate(), copy.workingSet() / over.toSeconds());
            timers.after(over, () -> measured.complete(copy.status().isRunning() ? (long) rate : 0L));
        }
        return measured;
    }

    void suspend(String host, UUID uuid) {
        act(told -> {
            SimulatedDomain copy = node(host).require(uuid);
            if (!copy.status().isRunning()) {
                throw new HypervisorException(
                        FailureCode.OPERATION_INVALID, "domain '" + copy.name() + "' is not running");
            }
            node(host).put(copy.in(DomainState.PAUSED, DomainStatus.PAUSED_USER));
            node(host).tell(told, copy, dev.drover.hypervisor.HypervisorEvent.Lifecycle.Kind.SUSPENDED, 0);
        });
    }

    synchronized void startPostCopy(SimulatedMigration migration) {
        if (!migration.order().flags().contains(MigrateFlag.POSTCOPY)) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID,
                    "the migration of '" + migration.guest().name() + "' was started without POSTCOPY");
        }
        if (migration.phase() != Phase.PERFORM) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID,
                    "the migration of '" + migration.guest().name() + "' copies nothing now");
        }
        migration.wantPostCopy();
    }

    void resume(String host, UUID uuid) {
        act(told -> {
            SimulatedDomain copy = node(host).require(uuid);
            if (copy.status().isRunning()) {
                throw new HypervisorException(
                        FailureCode.OPERATION_INVALID, "domain '" + copy.name() + "' is running already");
            }
            if (!copy.status().isActive()) {
                throw new HypervisorException(
                        FailureCode.OPERATION_INVALID, "domain '" + copy.name() + "' is not running");
            }
            refuseWhileMigrating(host, copy);
            node(host).put(copy.in(DomainState.RUNNING, RUNNING_UNPAUSED));
            node(host).tell(told, copy, dev.drover.hypervisor.HypervisorEvent.Lifecycle.Kind.RESUMED, 0);
        });
    }

    void persist(String host, UUID uuid) {
        act(told -> {
            SimulatedDomain copy = node(host).require(uuid);
            node(host).put(copy.persistent(true));
            node(host).tell(told, copy, dev.drover.hypervisor.HypervisorEvent.Lifecycle.Kind.DEFINED, 0);
        });
    }

    // the source's job, or the destination's incoming one, holds the domain
    private void refuseWhileMigrating(String host, SimulatedDomain copy) {
        boolean busy = migrations.stream()
                .filter(migration -> migration.guest().uuid().equals(copy.uuid()))
                .anyMatch(migration -> migration.source().name().equals(host)
                        || migration.destination().name().equals(host));
        if (busy) {
            throw new HypervisorException(
                    FailureCode.OPERATION_TIMEOUT,
                    "cannot acquire state change lock of '" + copy.name() + "': held by its migration");
        }
    }

    void destroy(String host, UUID uuid) {
        act(told -> {
            SimulatedDomain copy = node(host).require(uuid);
            if (!copy.status().isActive()) {
                throw new HypervisorException(
                        FailureCode.OPERATION_INVALID, "domain '" + copy.name() + "' is not running");
            }
            stop(host, copy, SHUTOFF_DESTROYED, told);
        });
    }

    /** A copy stops, and with it a migration that needs it. */
    void stop(String host, SimulatedDomain copy, int reason, Told told) {
        SimulatedNode node = node(host);
        node.stop(copy.uuid(), reason);
        node.tell(told, copy, dev.drover.hypervisor.HypervisorEvent.Lifecycle.Kind.STOPPED, reason);
        for (SimulatedMigration migration : List.copyOf(migrations)) {
            if (!migration.guest().uuid().equals(copy.uuid())) {
                continue;
            }
            if (migration.source().equals(node)) {
                ends.guestDied(migration, told);
            } else if (migration.destination().equals(node) && migration.phase() != Phase.CONFIRM) {
                // once it ran there, the source lets go of it whatever becomes of it
                ends.failed(
                        migration,
                        Failure.of(FailureCode.HYPERVISOR_ERROR, "the destination's QEMU ended unexpectedly"),
                        told);
            }
        }
    }

    void undefine(String host, UUID uuid) {
        act(told -> {
            SimulatedDomain copy = node(host).require(uuid);
            if (!copy.persistent()) {
                throw new HypervisorException(
                        FailureCode.OPERATION_INVALID,
                        "domain '" + copy.name() + "' on " + host + " is transient, nothing is defined");
            }
            if (copy.status().isActive()) {
                node(host).put(copy.persistent(false));
            } else {
                node(host).remove(uuid);
            }
        });
    }

    /** Ends what an end of that daemon ends: incoming migrations always, outgoing ones where {@code outgoing}. */
    void daemonGone(SimulatedNode node, boolean outgoing, Told told) {
        Failure why = SimulatedNode.endOfFile(node.name());
        for (SimulatedMigration migration : List.copyOf(migrations)) {
            if (migration.source().equals(node) && (outgoing || migration.isManaged())) {
                ends.abandoned(migration, why, told);
            } else if (migration.destination().equals(node)) {
                ends.failed(
                        migration,
                        Failure.of(FailureCode.HYPERVISOR_ERROR, "internal error: client socket is closed"),
                        told);
            }
        }
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

    SimulatedNode node(String name) {
        SimulatedNode node = nodes.get(name);
        if (node == null) {
            throw new HypervisorException(FailureCode.NO_CONNECT, "no simulated host is named '" + name + "'");
        }
        return node;
    }
}
