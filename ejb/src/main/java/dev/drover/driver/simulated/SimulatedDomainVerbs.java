package dev.drover.driver.simulated;

import dev.drover.hypervisor.HypervisorEvent.Lifecycle.Kind;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.time.Timers;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What clients ask of one host's copy of a guest, refused where libvirt refuses it. */
final class SimulatedDomainVerbs {

    private static final int RUNNING_UNPAUSED = 5;
    private static final int SHUTOFF_DESTROYED = 2;

    private final SimulatedFleet fleet;
    private final MigrationsUnderWay migrations;
    private final Timers timers;

    SimulatedDomainVerbs(SimulatedFleet fleet, MigrationsUnderWay migrations, Timers timers) {
        this.fleet = fleet;
        this.migrations = migrations;
        this.timers = timers;
    }

    /** How fast a guest changes its memory, bytes per second, told when the time is over. */
    CompletionStage<Long> dirtyRate(String host, UUID uuid, Duration over) {
        CompletableFuture<Long> measured = new CompletableFuture<>();
        fleet.with(host, (node, told) -> {
            SimulatedDomain copy = node.require(uuid);
            double rate = Math.min(copy.dirtyRate(), copy.workingSet() / over.toSeconds());
            timers.after(over, () -> measured.complete(copy.status().isRunning() ? (long) rate : 0L));
        });
        return measured;
    }

    /** Ends when all of the guest is there. */
    CompletionStage<Void> finishPostCopy(String host, UUID uuid) {
        CompletableFuture<Void> finished = new CompletableFuture<>();
        fleet.with(
                host,
                (node, told) -> migrations.finishPostCopy(
                        node,
                        uuid,
                        failure -> failure.ifPresentOrElse(
                                why -> finished.completeExceptionally(
                                        new HypervisorException(why.code(), why.message())),
                                () -> finished.complete(null)),
                        told));
        return finished;
    }

    boolean holdsCopy(String host, UUID uuid) {
        synchronized (fleet) {
            return migrations.holdsCopy(host, uuid);
        }
    }

    void letGo(String host, UUID uuid) {
        fleet.with(host, (node, told) -> migrations.letGo(node, uuid, told));
    }

    void suspend(String host, UUID uuid) {
        fleet.with(host, (node, told) -> {
            SimulatedDomain copy = node.require(uuid);
            if (!copy.status().isRunning()) {
                throw invalid("domain '" + copy.name() + "' is not running");
            }
            node.put(copy.in(DomainState.PAUSED, DomainStatus.PAUSED_USER));
            node.tell(told, copy, Kind.SUSPENDED, 0);
        });
    }

    void resume(String host, UUID uuid) {
        fleet.with(host, (node, told) -> {
            SimulatedDomain copy = node.require(uuid);
            if (copy.status().isRunning()) {
                throw invalid("domain '" + copy.name() + "' is running already");
            }
            requireActive(copy);
            if (migrations.hold(copy)) {
                throw new HypervisorException(
                        FailureCode.OPERATION_TIMEOUT,
                        "cannot acquire state change lock of '" + copy.name() + "': held by its migration");
            }
            node.put(copy.in(DomainState.RUNNING, RUNNING_UNPAUSED));
            node.tell(told, copy, Kind.RESUMED, 0);
        });
    }

    void persist(String host, UUID uuid) {
        fleet.with(host, (node, told) -> {
            SimulatedDomain copy = node.require(uuid);
            node.put(copy.persistent(true));
            node.tell(told, copy, Kind.DEFINED, 0);
        });
    }

    void destroy(String host, UUID uuid) {
        fleet.with(host, (node, told) -> {
            SimulatedDomain copy = node.require(uuid);
            requireActive(copy);
            fleet.stop(host, copy, SHUTOFF_DESTROYED, told);
        });
    }

    void undefine(String host, UUID uuid) {
        fleet.with(host, (node, told) -> {
            SimulatedDomain copy = node.require(uuid);
            if (!copy.persistent()) {
                throw invalid("domain '" + copy.name() + "' on " + host + " is transient, nothing is defined");
            }
            if (copy.status().isActive()) {
                node.put(copy.persistent(false));
            } else {
                node.remove(uuid);
            }
        });
    }

    private static void requireActive(SimulatedDomain copy) {
        if (!copy.status().isActive()) {
            throw invalid("domain '" + copy.name() + "' is not running");
        }
    }

    private static HypervisorException invalid(String why) {
        return new HypervisorException(FailureCode.OPERATION_INVALID, why);
    }
}
