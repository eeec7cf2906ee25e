package dev.drover.fleet;

import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.Host;
import dev.drover.pool.ConnectionPool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The hosts by name. Registering one says nothing of whether it answers. */
@ApplicationScoped
public class HostRegistry {

    private final HostStore store;
    private final ConnectionPool pool;
    private final List<HypervisorDriver> drivers;
    private final Event<RegistryChanged> changed;
    private final Clock clock;

    @Inject
    public HostRegistry(
            HostStore store,
            ConnectionPool pool,
            @Any Instance<HypervisorDriver> drivers,
            Event<RegistryChanged> changed,
            Clock clock) {
        this.store = store;
        this.pool = pool;
        this.drivers = drivers.stream().toList();
        this.changed = changed;
        this.clock = clock;
    }

    /** In the order of their names. */
    public List<Host> hosts() {
        return store.all().stream().map(HostStore.Entry::host).toList();
    }

    /** As they are kept, with the time of their registration. */
    public List<HostStore.Entry> entries() {
        return store.all();
    }

    /** @throws FailureException {@link FailureCode#UNKNOWN_HOST}, naming the hosts there are */
    public Host host(String name) {
        return store.find(name).map(HostStore.Entry::host).orElseThrow(() -> unknown("host", name));
    }

    /** The refusal of a name that no host has, given as {@code argument}. */
    public FailureException unknown(String argument, String name) {
        String shown = name.length() > 80 ? name.substring(0, 80) + "…" : name;
        return new FailureException(
                FailureCode.UNKNOWN_HOST,
                argument + ": no host is named '" + shown + "'. Known hosts: "
                        + hosts().stream().map(Host::name).collect(Collectors.joining(", ")));
    }

    /** @throws FailureException when the name or the URI is taken, or no driver takes the URI */
    public Host register(Host host) {
        drivers.stream()
                .filter(driver -> driver.accepts(host.uri()))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        FailureCode.INVALID_ARGUMENT,
                        "uri: no driver takes '" + host.uri() + "'. Known are qemu, xen and sim, as in "
                                + "qemu+tcp://host/system"))
                .check(host.uri());
        for (Host known : hosts()) {
            if (known.name().equals(host.name())) {
                throw new FailureException(
                        FailureCode.HOST_EXISTS,
                        "name: a host named '" + host.name() + "' is registered with " + known.uri()
                                + "; delete it first or choose another name");
            }
            if (known.uri().equals(host.uri())) {
                throw new FailureException(
                        FailureCode.HOST_EXISTS,
                        "uri: " + host.uri() + " is registered as '" + known.name()
                                + "'; one host under two names would be emptied onto itself");
            }
        }
        store.insert(new HostStore.Entry(host, clock.instant()));
        changed.fire(new RegistryChanged(host, true));
        return host;
    }

    /** Forgets a host and closes its connections; what runs there runs on. */
    public void remove(String name) {
        Host host = host(name);
        store.delete(name);
        pool.evict(host.uri());
        changed.fire(new RegistryChanged(host, false));
    }

    /**
     * Fills an empty registry: with the hosts of {@code seed}, else with those that the drivers offer for a first look.
     *
     * @param seed {@code name=uri,name=uri}; blank for none
     */
    public void seed(String seed) {
        if (!store.all().isEmpty()) {
            return;
        }
        List<Host> hosts = seed.isBlank() ? demoHosts() : HostSeed.parse(seed);
        hosts.forEach(this::register);
    }

    private List<Host> demoHosts() {
        return drivers.stream()
                .flatMap(driver -> driver.demoHosts().entrySet().stream())
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new Host(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Host::name))
                .toList();
    }

    /** A host was added or removed. */
    public record RegistryChanged(Host host, boolean added) {}
}
