package dev.drover.chaos;

import dev.drover.driver.simulated.SimulatedDriver;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.hypervisor.ManagedPostCopy;
import dev.drover.model.ConnectUri;

/** One controller's way to the simulated hosts; its connections end with it, all at one moment. */
final class ChaosDriver implements HypervisorDriver {

    private final World world;
    private final Incarnation controller;
    private final SimulatedDriver driver;

    ChaosDriver(World world, Incarnation controller) {
        this.world = world;
        this.controller = controller;
        this.driver = new SimulatedDriver(world.fleet(), ManagedPostCopy.HELD);
        controller.onDeath(() -> world.faults().killClient(driver));
    }

    @Override
    public String name() {
        return driver.name();
    }

    @Override
    public boolean accepts(ConnectUri uri) {
        return driver.accepts(uri);
    }

    @Override
    public void check(ConnectUri uri) {
        driver.check(uri);
    }

    @Override
    public HypervisorConnection open(ConnectUri uri, ConnectOptions options) {
        world.steps().at(controller, "before open of " + uri);
        HypervisorConnection opened = driver.open(uri, options);
        return new ChaosConnection(world, controller, opened);
    }
}
