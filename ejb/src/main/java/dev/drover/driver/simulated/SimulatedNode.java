package dev.drover.driver.simulated;

import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorEvent.Lifecycle;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.NodeInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One host with its own view of domains, as the daemon on it has it. The fleet's lock guards it. */
final class SimulatedNode {

    /** How the daemon is. The guests do not depend on it. */
    enum Daemon {
        UP,
        /** Terminated, but it lets its outgoing peer-to-peer migrations finish first; takes no calls. */
        LEAVING,
        /** Stopped: connections stay, nothing is answered. */
        HUNG,
        DOWN
    }

    private final SimulatedHost host;
    private final FleetObserver observer;
    private final Map<UUID, SimulatedDomain> copies = new LinkedHashMap<>();
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private Daemon daemon = Daemon.UP;
    private boolean linked = true;
    private boolean full;

    SimulatedNode(SimulatedHost host, FleetObserver observer) {
        this.host = host;
        this.observer = observer;
    }

    SimulatedHost host() {
        return host;
    }

    String name() {
        return host.name();
    }

    Daemon daemon() {
        return daemon;
    }

    void become(Daemon state) {
        daemon = state;
    }

    boolean isLinked() {
        return linked;
    }

    void linked(boolean whether) {
        linked = whether;
    }

    /** Lets no further guest in, as a host without memory does. */
    void full(boolean whether) {
        full = whether;
    }

    /** Whether a call or a new connection gets through. */
    boolean answers() {
        return linked && daemon == Daemon.UP;
    }

    List<SimulatedDomain> copies() {
        return List.copyOf(copies.values());
    }

    Optional<SimulatedDomain> copy(UUID uuid) {
        return Optional.ofNullable(copies.get(uuid));
    }

    SimulatedDomain require(UUID uuid) {
        return copy(uuid)
                .orElseThrow(() ->
                        new HypervisorException(FailureCode.NO_DOMAIN, "domain " + uuid + " is not on " + name()));
    }

    void put(SimulatedDomain copy) {
        SimulatedDomain before = copies.put(copy.uuid(), copy);
        if (!copy.equals(before)) {
            observer.changed(before, copy);
        }
    }

    /** Takes what runs away; a definition stays, off for {@code reason}. */
    void stop(UUID uuid, int reason) {
        SimulatedDomain before = copies.get(uuid);
        if (before != null && before.persistent()) {
            put(before.in(dev.drover.model.DomainState.SHUTOFF, reason));
        } else {
            remove(uuid);
        }
    }

    void remove(UUID uuid) {
        SimulatedDomain before = copies.remove(uuid);
        if (before != null) {
            observer.changed(before, null);
        }
    }

    NodeInfo info() {
        long used = copies.values().stream()
                .filter(copy -> copy.status().isActive())
                .mapToLong(SimulatedDomain::memoryMiB)
                .sum();
        return new NodeInfo("simulated", host.cpus(), host.memoryMiB(), Math.max(0, host.memoryMiB() - used));
    }

    boolean hasRoomFor(SimulatedDomain guest) {
        return !full && info().freeMemoryMiB() >= guest.memoryMiB();
    }

    void connected(SimulatedConnection connection) {
        connections.add(connection);
    }

    void disconnected(SimulatedConnection connection) {
        connections.remove(connection);
    }

    List<SimulatedConnection> connections() {
        return List.copyOf(connections);
    }

    /** Tells every client of this host, unless nobody could hear it. */
    void tell(Told told, HypervisorEvent event) {
        if (answers() || daemon == Daemon.LEAVING) {
            connections().forEach(connection -> told.add(() -> connection.hear(event)));
        }
    }

    void tell(Told told, SimulatedDomain copy, Lifecycle.Kind kind, int detail) {
        tell(told, new Lifecycle(copy.uuid(), copy.name(), kind, detail));
    }

    /** Why no call gets through. */
    HypervisorException silence() {
        String why = linked ? "its daemon does not answer" : "its link is down";
        return new HypervisorException(FailureCode.OPERATION_TIMEOUT, name() + ": no answer in time, " + why);
    }

    /** What clients are told when their connections end. */
    static Failure endOfFile(String host) {
        return Failure.of(FailureCode.SYSTEM_ERROR, host + ": cannot recv data: the connection was reset by the peer");
    }
}
