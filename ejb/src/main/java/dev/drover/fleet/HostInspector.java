package dev.drover.fleet;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.model.Domain;
import dev.drover.model.FailureException;
import dev.drover.model.Host;
import dev.drover.model.HostSnapshot;
import dev.drover.pool.ConnectionPool;
import dev.drover.pool.Lease;
import dev.drover.pool.Purpose;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Looks at hosts, several at a time; one that does not answer comes back as offline and holds up no other. */
@ApplicationScoped
public class HostInspector {

    private final ConnectionPool pool;
    private final Executor executor;
    private final Clock clock;

    @Inject
    public HostInspector(ConnectionPool pool, Executor executor, Clock clock) {
        this.pool = pool;
        this.executor = executor;
        this.clock = clock;
    }

    /** The host as it is now; waits at most for the pool and one call's deadline. */
    public HostSnapshot inspect(Host host) {
        try (Lease lease = pool.lease(host.uri(), Purpose.CONTROL)) {
            HypervisorConnection connection = lease.connection();
            return HostSnapshot.online(host, connection.nodeInfo(), connection.domains(), clock.instant())
                    .limitedBy(connection.migrationSupport().limits());
        } catch (FailureException e) {
            return HostSnapshot.offline(host, e.failure(), clock.instant());
        }
    }

    /**
     * What the host's hypervisor can do in a migration away from it.
     *
     * @throws FailureException when it does not answer
     */
    public MigrationSupport migrationSupport(Host host) {
        try (Lease lease = pool.lease(host.uri(), Purpose.CONTROL)) {
            return lease.connection().migrationSupport();
        }
    }

    /** All of them at once, in the order given. */
    public List<HostSnapshot> inspect(List<Host> hosts) {
        List<CompletableFuture<HostSnapshot>> looks = hosts.stream()
                .map(host -> CompletableFuture.supplyAsync(() -> inspect(host), executor))
                .toList();
        return looks.stream().map(CompletableFuture::join).toList();
    }

    /**
     * One domain as its host describes it.
     *
     * @throws FailureException when the host does not answer
     */
    public Optional<Domain> find(Host host, UUID domain) {
        try (Lease lease = pool.lease(host.uri(), Purpose.CONTROL)) {
            return lease.connection().findDomain(domain);
        }
    }
}
