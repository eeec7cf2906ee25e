package dev.drover.driver.simulated;

import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.ManagedPostCopy;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import dev.drover.time.Timers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * {@code sim://NAME}: hosts of one simulated fleet that lives as long as this driver. {@code sim://NAME?rename=no} is a
 * host of an older kind, which cannot rename a domain on its way.
 */
@ApplicationScoped
public class SimulatedDriver implements HypervisorDriver {

    private final SimulatedFleet fleet;
    private final ManagedPostCopy managedPostCopy;

    /** The demo fleet. */
    @Inject
    public SimulatedDriver(Timers timers) {
        this(new SimulatedFleet(timers, DemoFleet.hosts(), DemoFleet.domains()), ManagedPostCopy.ofSystem());
    }

    /** Hosts of one's own; several drivers on one fleet are several clients. */
    public SimulatedDriver(SimulatedFleet fleet) {
        this(fleet, ManagedPostCopy.REFUSED);
    }

    /** @param managedPostCopy whether copies are held when a client of theirs dies */
    public SimulatedDriver(SimulatedFleet fleet, ManagedPostCopy managedPostCopy) {
        this.fleet = fleet;
        this.managedPostCopy = managedPostCopy;
    }

    boolean holdsCopies() {
        return managedPostCopy == ManagedPostCopy.HELD;
    }

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public boolean accepts(ConnectUri uri) {
        return uri.driver().equals("sim");
    }

    @Override
    public void check(ConnectUri uri) {
        canRename(uri);
    }

    @Override
    public HypervisorConnection open(ConnectUri uri, ConnectOptions options) {
        String host = uri.host().orElse("");
        if (!fleet.hasHost(host)) {
            throw new HypervisorException(
                    FailureCode.NO_CONNECT,
                    uri + ": no simulated host is named '" + host + "'; there are " + fleet.hostNames());
        }
        var connection = new SimulatedConnection(uri, host, fleet, this, canRename(uri));
        fleet.connected(connection);
        return connection;
    }

    private static boolean canRename(ConnectUri uri) {
        Map<String, String> parameters = new LinkedHashMap<>(uri.parameters());
        String rename = parameters.remove("rename");
        if (!parameters.isEmpty() || (rename != null && !Set.of("yes", "no").contains(rename))) {
            throw new HypervisorException(
                    FailureCode.INVALID_ARGUMENT,
                    "uri '" + uri + "': a simulated host knows one parameter, rename=yes or rename=no");
        }
        return !"no".equals(rename);
    }

    @Override
    public Map<String, ConnectUri> demoHosts() {
        Map<String, ConnectUri> hosts = new LinkedHashMap<>();
        fleet.hostNames().forEach(name -> hosts.put(name, ConnectUri.parse("sim://" + name)));
        return hosts;
    }
}
