package dev.drover.driver.simulated;

import dev.drover.hypervisor.HypervisorEvent.Lifecycle.Kind;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What can go wrong with simulated hosts, and what users do to their guests meanwhile. Each leaves behind what was measured
 * with libvirt and QEMU. Harmless where it makes no sense, so that chance may pick any of them at any time.
 */
public final class SimulatedFaults {

    private static final Duration CLIENT_KEEPALIVE = Duration.ofSeconds(25);
    private static final int SHUTOFF_CRASHED = 3;
    private static final int SHUTOFF_DESTROYED = 2;

    private final SimulatedFleet fleet;
    private final Timers timers;

    SimulatedFaults(SimulatedFleet fleet, Timers timers) {
        this.fleet = fleet;
        this.timers = timers;
    }

    /** SIGKILL: guests run on, migrations of this host do not. */
    public void killDaemon(String host) {
        fleet.with(host, (node, told) -> {
            node.become(SimulatedNode.Daemon.DOWN);
            fleet.daemonGone(node, true, told);
        });
        dropConnections(host);
    }

    /** SIGTERM: clients are thrown out at once, outgoing peer-to-peer migrations may finish. */
    public void terminateDaemon(String host) {
        fleet.with(host, (node, told) -> {
            if (node.daemon() == SimulatedNode.Daemon.UP) {
                node.become(SimulatedNode.Daemon.LEAVING);
                fleet.daemonGone(node, false, told);
            }
        });
        dropConnections(host);
    }

    /** SIGSTOP: nothing is answered, connections stay until their keepalive gives up. */
    public void hangDaemon(String host) {
        fleet.with(host, (node, told) -> {
            if (node.daemon() == SimulatedNode.Daemon.UP) {
                node.become(SimulatedNode.Daemon.HUNG);
            }
        });
        dropIfSilent(host);
    }

    /** Starts it again, or lets a stopped one go on. */
    public void restoreDaemon(String host) {
        fleet.with(host, (node, told) -> {
            if (node.daemon() == SimulatedNode.Daemon.LEAVING) {
                // a service manager that restarts it kills what is left first
                fleet.daemonGone(node, true, told);
            }
            node.become(SimulatedNode.Daemon.UP);
        });
    }

    /** Nothing gets in or out; what was on its way is lost. */
    public void cutLink(String host) {
        fleet.with(host, (node, told) -> node.linked(false));
        dropIfSilent(host);
    }

    public void mendLink(String host) {
        fleet.with(host, (node, told) -> node.linked(true));
    }

    private void dropIfSilent(String host) {
        List<SimulatedConnection> affected = connections(host);
        timers.after(CLIENT_KEEPALIVE, () -> {
            if (!fleet.answers(host)) {
                fleet.disconnected(
                        affected,
                        Failure.of(FailureCode.RPC_ERROR, host + ": no answer to keepalive, the connection is dead"));
            }
        });
    }

    /** Resets every client's connection to that host, whose daemon goes on. */
    public void dropConnections(String host) {
        fleet.disconnected(connections(host), SimulatedNode.endOfFile(host));
    }

    /** A client dies: all its connections end at one moment. */
    public void killClient(SimulatedDriver client) {
        List<SimulatedConnection> its = fleet.hostNames().stream()
                .flatMap(host -> fleet.connections(host).stream())
                .filter(connection -> connection.client().equals(client))
                .toList();
        fleet.disconnected(its, Failure.of(FailureCode.RPC_ERROR, "the client has died"));
    }

    private List<SimulatedConnection> connections(String host) {
        return fleet.connections(host);
    }

    /** No further guest gets in: the host is out of memory. */
    public void fillMemory(String host, boolean whether) {
        fleet.with(host, (node, told) -> node.full(whether));
    }

    /** The process that runs this copy dies, and the copy with it. */
    public void killQemu(String host, UUID guest) {
        stop(host, guest, SHUTOFF_CRASHED);
    }

    /** The user powers the guest off. */
    public void destroy(String host, UUID guest) {
        stop(host, guest, SHUTOFF_DESTROYED);
    }

    private void stop(String host, UUID guest, int reason) {
        fleet.with(host, (node, told) -> node.copy(guest)
                .filter(copy -> copy.status().isActive())
                .ifPresent(copy -> fleet.stop(host, copy, reason, told)));
    }

    /** The user pauses the guest; libvirt lets it run again where a migration that is under way takes it. */
    public void suspend(String host, UUID guest) {
        fleet.with(host, (node, told) -> node.copy(guest)
                .filter(copy -> copy.status().isRunning() && !copy.status().isPostCopy())
                .ifPresent(copy -> {
                    node.put(copy.in(DomainState.PAUSED, DomainStatus.PAUSED_USER));
                    node.tell(told, copy, Kind.SUSPENDED, 0);
                }));
    }

    /** The user lets a guest go on that he had paused. */
    public void resume(String host, UUID guest) {
        fleet.with(host, (node, told) -> node.copy(guest)
                .filter(copy -> copy.status().isPausedByUser())
                .ifPresent(copy -> {
                    node.put(copy.in(DomainState.RUNNING, DomainStatus.RUNNING_BOOTED));
                    node.tell(told, copy, Kind.RESUMED, 0);
                }));
    }

    /** Somebody switches a migration that permits it to post-copy. */
    public void switchToPostCopy(String host, UUID guest) {
        fleet.with(host, (node, told) -> fleet.outgoing(host, guest)
                .filter(migration -> migration.order().flags().contains(MigrateFlag.POSTCOPY))
                .filter(migration -> migration.phase() == SimulatedMigration.Phase.PERFORM)
                .ifPresent(SimulatedMigration::wantPostCopy));
    }

    /** The stream of a guest's memory breaks in post-copy, and both hosts notice. @return whether there was one */
    public boolean breakPostCopy(String host, UUID guest) {
        AtomicBoolean hit = new AtomicBoolean();
        fleet.with(host, (node, told) -> fleet.outgoing(host, guest)
                .filter(migration -> migration.phase() == SimulatedMigration.Phase.POST_COPY)
                .ifPresent(migration -> {
                    hit.set(true);
                    fleet.brokenOff(migration, told);
                }));
        return hit.get();
    }

    /** The user starts what is defined and off. */
    public void start(String host, UUID guest) {
        fleet.with(host, (node, told) -> node.copy(guest)
                .filter(copy -> copy.status().state() == DomainState.SHUTOFF)
                .ifPresent(copy -> {
                    node.put(copy.in(DomainState.RUNNING, DomainStatus.RUNNING_BOOTED));
                    node.tell(told, copy, Kind.STARTED, 0);
                }));
    }
}
