package dev.drover.driver.simulated;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.hypervisor.HypervisorDriverContract;
import dev.drover.hypervisor.ManagedPostCopy;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** The contract on the simulated fleet, in virtual time. */
class SimulatedDriverContractTest extends HypervisorDriverContract {

    private static final double MIB = 1024.0 * 1024.0;

    private final VirtualTimers timers = new VirtualTimers(Instant.EPOCH);
    private final SimulatedFleet fleet = new SimulatedFleet(
            timers,
            List.of(new SimulatedHost("a", 8, 4096, 64 * MIB), new SimulatedHost("b", 8, 4096, 64 * MIB)),
            List.of());
    private final SimulatedDriver driver = new SimulatedDriver(fleet, ManagedPostCopy.HELD);
    private final HypervisorConnection source = open("a");
    private final HypervisorConnection destination = open("b");

    private HypervisorConnection open(String host) {
        return driver.open(ConnectUri.parse("sim://" + host), ConnectOptions.defaults());
    }

    @Override
    protected HypervisorConnection source() {
        return source;
    }

    @Override
    protected HypervisorConnection destination() {
        return destination;
    }

    @Override
    protected HypervisorConnection anotherToSource() {
        return open("a");
    }

    @Override
    protected HypervisorConnection anotherToDestination() {
        return open("b");
    }

    @Override
    protected HypervisorDriver driver() {
        return driver;
    }

    @Override
    protected ConnectUri unreachable() {
        return ConnectUri.parse("sim://nowhere");
    }

    @Override
    protected Domain startGuest(String name) {
        return start("a", name);
    }

    @Override
    protected void startTwin(String name) {
        start("b", name);
    }

    private Domain start(String host, String name) {
        var guest =
                new SimulatedDomain(UUID.randomUUID(), name, host, DomainStatus.running(), 256, 1, 4 * MIB, 32 * MIB);
        fleet.add(guest);
        return guest.domain();
    }

    @Override
    protected <T> T await(CompletionStage<T> stage) {
        timers.runUntil(() -> stage.toCompletableFuture().isDone());
        return stage.toCompletableFuture().join();
    }

    // the link is slow from the beginning
    @Override
    protected void slowDown() {}

    @Override
    protected void pass() {
        timers.advance(Duration.ofMillis(100));
    }
}
