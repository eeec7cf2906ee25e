package dev.drover.pool;

import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.time.Timers;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Lends connections to hypervisors, by connect URI. Opened lazily, drained with the application. Safe for use by many
 * threads; a host that is dead or hangs neither blocks nor slows calls to others. URIs that are spelled differently are
 * different hosts here, each with its own connections.
 */
@ApplicationScoped
public class ConnectionPool {

    private final Map<ConnectUri, HostPool> hosts = new ConcurrentHashMap<>();
    private final Drivers drivers;
    private final PoolContext context;
    private final ConnectionCloser closer;
    private volatile boolean drained;

    @Inject
    ConnectionPool(
            @Any Instance<HypervisorDriver> drivers,
            PoolConfig config,
            Timers timers,
            Executor executor,
            Event<ConnectionStateChanged> events) {
        this(
                drivers,
                config,
                timers,
                executor,
                new PoolListeners(
                        new LoggingPoolListener(System.getLogger(ConnectionPool.class.getPackageName())),
                        new EventPoolListener(events)));
    }

    /**
     * A pool without a container.
     *
     * @param executor closes connections and sweeps; a hung host may hold one of its threads for each of its
     *     connections, so it must not be small
     */
    public ConnectionPool(
            Iterable<? extends HypervisorDriver> drivers,
            PoolConfig config,
            Timers timers,
            Executor executor,
            PoolListener listener) {
        this.drivers = new Drivers(drivers);
        this.context = new PoolContext(config, timers, executor, listener);
        this.closer = new ConnectionCloser(executor, listener);
    }

    /** For the container's client proxy, which only passes calls on; a pool made so has no use. */
    @SuppressWarnings("NullAway")
    protected ConnectionPool() {
        this.drivers = new Drivers(List.of());
        this.context = null;
        this.closer = null;
    }

    // makes the container create the pool, and so refuse a wrong configuration, when the application starts
    void open(@Observes Startup started) {}

    /**
     * Borrows a connection; close the lease to return it. Waits at most the configured time for other borrowers, plus
     * the time limits of one ping and one opening.
     *
     * @throws FailureException {@code HOST_OFFLINE} with the cause and when the host is tried next, {@code
     *     POOL_EXHAUSTED} with the pool's figures, {@code INVALID_ARGUMENT} when no driver takes {@code uri}, or {@code
     *     OPERATION_INVALID} when the application is ending
     */
    public Lease lease(ConnectUri uri, Purpose purpose) {
        return host(uri).lease(purpose);
    }

    private HostPool host(ConnectUri uri) {
        HostPool known = hosts.get(uri);
        if (known != null) {
            return known;
        }
        // looked up outside the map's lock: making a driver may take its time
        HypervisorDriver driver = drivers.find(uri);
        HostPool host = hosts.computeIfAbsent(uri, added -> new HostPool(added, driver, context, closer));
        if (drained) {
            host.close(stopping());
        }
        return host;
    }

    /** Figures of one host; all zero when nobody has asked for it. */
    public HostPoolStatistics statistics(ConnectUri uri) {
        HostPool host = hosts.get(uri);
        return host == null ? unused(uri) : host.statistics();
    }

    /** Figures of every host that was asked for, by URI. */
    public List<HostPoolStatistics> statistics() {
        return hosts.values().stream()
                .map(HostPool::statistics)
                .sorted(Comparator.comparing(statistics -> statistics.uri().toString()))
                .toList();
    }

    private HostPoolStatistics unused(ConnectUri uri) {
        return new HostPoolStatistics(
                uri,
                ConnectionStateChanged.State.UNUSED,
                new HostPoolStatistics.Connections(0, 0, context.config().controlMax()),
                new HostPoolStatistics.Connections(0, 0, context.config().workMax()),
                0,
                0,
                0,
                0,
                Optional.empty(),
                Optional.empty());
    }

    /**
     * Forgets a host that was removed: idle connections are closed, leased ones on their return, borrowers who wait are
     * refused with {@code UNKNOWN_HOST}. Whoever asks for it later begins anew. Does not wait for the host.
     */
    public void evict(ConnectUri uri) {
        HostPool host = hosts.remove(uri);
        if (host != null) {
            host.close(Failure.of(
                    FailureCode.UNKNOWN_HOST, uri + " was removed while a connection was awaited; add it again first"));
        }
    }

    /** Closes what is idle and refuses all later leases; those on loan are closed on their return. */
    @PreDestroy
    public void drain() {
        drained = true;
        hosts.values().forEach(host -> host.close(stopping()));
        closer.awaitClosed(context.config().drainWait());
    }

    private static Failure stopping() {
        return Failure.of(
                FailureCode.OPERATION_INVALID,
                "the connection pool is closed: Drover is stopping; ask after its start");
    }
}
