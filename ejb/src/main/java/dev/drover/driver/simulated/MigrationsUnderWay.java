package dev.drover.driver.simulated;

import dev.drover.driver.simulated.SimulatedMigration.Phase;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.time.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The migrations between simulated hosts. While there are any, a timer moves them on in small steps; what ends on either
 * side ends those that need it. Under the fleet's lock.
 */
final class MigrationsUnderWay {

    private static final Duration STEP = Duration.ofMillis(100);

    private final List<SimulatedMigration> migrations = new ArrayList<>();
    private final Map<UUID, SimulatedMigration> broken = new LinkedHashMap<>();
    private final Map<UUID, String> held = new HashMap<>();
    private final MigrationEnds ends = new MigrationEnds(this::forget);
    private final MigrationPhases phases = new MigrationPhases(ends);
    private final SimulatedFleet fleet;
    private final Timers timers;
    private boolean ticking;

    MigrationsUnderWay(SimulatedFleet fleet, Timers timers) {
        this.fleet = fleet;
        this.timers = timers;
    }

    private void forget(SimulatedMigration migration) {
        migrations.remove(migration);
        if (migration.isBrokenOff()) {
            broken.put(migration.guest().uuid(), migration);
        }
    }

    MigrationEnds ends() {
        return ends;
    }

    Optional<SimulatedMigration> outgoing(String host, UUID domain) {
        return migrations.stream()
                .filter(migration -> migration.source().name().equals(host))
                .filter(migration -> migration.guest().uuid().equals(domain))
                .filter(migration -> !migration.isUnattended())
                .findFirst();
    }

    // whose destination nobody has told yet to run its copy, nor ever will by itself
    private Optional<SimulatedMigration> waiting(String host, UUID domain) {
        return migrations.stream()
                .filter(migration -> migration.destination().name().equals(host))
                .filter(migration -> migration.guest().uuid().equals(domain))
                .filter(migration -> migration.phase() == Phase.UNTOLD)
                .findFirst();
    }

    /** Tells the destination to run what a client that is gone has left there. @param then hears how it ended */
    void finishPostCopy(SimulatedNode node, UUID domain, Consumer<Optional<Failure>> then, Told told) {
        SimulatedMigration left = waiting(node.name(), domain)
                .orElseThrow(() -> new HypervisorException(
                        FailureCode.OPERATION_INVALID,
                        "no incoming migration of " + domain + " waits on " + node.name()));
        left.finishedBy(then);
        MigrationPhases.runThere(left, told);
    }

    /** Whether that copy is held beyond its client's life. */
    boolean holdsCopy(String host, UUID domain) {
        return held.getOrDefault(domain, "").equals(host);
    }

    void letGo(SimulatedNode node, UUID domain, Told told) {
        held.remove(domain, node.name());
        List.copyOf(migrations).stream()
                .filter(migration -> migration.destination().equals(node)
                        && migration.guest().uuid().equals(domain)
                        && migration.isUnattended())
                .forEach(left -> ends.letGo(left, told));
    }

    /** Whether the source's job, or the destination's incoming one, holds that copy. */
    boolean hold(SimulatedDomain copy) {
        return migrations.stream()
                .filter(migration -> migration.guest().uuid().equals(copy.uuid()))
                .anyMatch(migration -> migration.source().name().equals(copy.host())
                        || migration.destination().name().equals(copy.host()));
    }

    /** @throws HypervisorException with libvirt's own numbers for what libvirt would refuse */
    SimulatedMigration begin(SimulatedMigration.Order order) {
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
        if (guest.status().isPostCopy()) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID, "domain '" + guest.name() + "' is in post-copy; recover that first");
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
                order.client(),
                order.held()));
    }

    private SimulatedMigration begun(SimulatedMigration migration) {
        migrations.add(migration);
        if (!ticking) {
            ticking = true;
            timers.after(STEP, this::tick);
        }
        return migration;
    }

    private void tick() {
        fleet.act(told -> {
            for (SimulatedMigration migration : List.copyOf(migrations)) {
                // one may have ended through another
                if (migration.phase() != Phase.ENDED) {
                    noteHeld(migration);
                    phases.step(migration, STEP, rate(migration), told);
                    var step = migration.step();
                    migration.followers().forEach(job -> told.add(() -> job.enter(step)));
                }
            }
            fleet.nodes().forEach(this::letLeave);
            ticking = !migrations.isEmpty();
            if (ticking) {
                timers.after(STEP, this::tick);
            }
        });
    }

    // held from the switch until its client has heard that it runs there, or somebody lets go
    private void noteHeld(SimulatedMigration migration) {
        UUID uuid = migration.guest().uuid();
        if (migration.order().held() && migration.phase() == Phase.SWITCHED) {
            held.put(uuid, migration.destination().name());
        } else if (migration.phase() == Phase.CONFIRM && !migration.isUnattended()) {
            held.remove(uuid);
        }
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

    /** A client's connections have ended, and with them the migrations that it drove itself. */
    void clientGone(List<SimulatedConnection> connections, Failure why, Told told) {
        for (SimulatedMigration migration : List.copyOf(migrations)) {
            if (migration.isManaged() && !migration.isUnattended()) {
                clientGone(migration, connections, why, told);
            }
        }
    }

    private void clientGone(
            SimulatedMigration migration, List<SimulatedConnection> connections, Failure why, Told told) {
        SimulatedConnection toSource = migration.order().client().get(0);
        SimulatedConnection toDestination = migration.order().client().get(1);
        boolean inPostCopy = migration.phase() == Phase.SWITCHED || migration.phase() == Phase.POST_COPY;
        if (inPostCopy && (connections.contains(toSource) || connections.contains(toDestination))) {
            noteHeld(migration);
            ends.leftInPostCopy(migration, why, told);
        } else if (connections.contains(toSource)) {
            ends.abandoned(migration, why, told);
        } else if (connections.contains(toDestination) && migration.phase() == SimulatedMigration.Phase.FINISH) {
            // the client does not let the source go on: for all it knows the destination runs the guest (ADR 3)
            ends.abandoned(
                    migration,
                    Failure.of(
                            FailureCode.OUTCOME_UNKNOWN,
                            "whether '" + migration.guest().name() + "' runs on "
                                    + migration.destination().name() + " is not known: " + why.message()),
                    told);
        } else if (connections.contains(toDestination)) {
            ends.failed(migration, why, told);
        }
    }

    /** Ends what an end of that daemon ends: incoming migrations always, outgoing ones where {@code outgoing}. */
    void daemonGone(SimulatedNode node, boolean outgoing, Told told) {
        Failure why = SimulatedNode.endOfFile(node.name());
        for (SimulatedMigration migration : List.copyOf(migrations)) {
            if (migration.source().equals(node) && migration.isUnattended()) {
                // the guest's own processes need no daemon to push its memory over
                continue;
            }
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

    /** A copy has stopped, and with it a migration that needs it. */
    void copyGone(SimulatedNode node, SimulatedDomain copy, Told told) {
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
}
