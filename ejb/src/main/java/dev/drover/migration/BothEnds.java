package dev.drover.migration;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureException;
import dev.drover.pool.ConnectionPool;
import dev.drover.pool.Lease;
import dev.drover.pool.Purpose;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The work connections to a migration's two hosts, leased when they are first needed. Used by one thread at a time. */
final class BothEnds {

    private final ConnectionPool pool;
    private final Migration.Route route;
    private final UUID domain;
    private @Nullable Lease source;
    private @Nullable Lease destination;

    BothEnds(ConnectionPool pool, Migration migration) {
        this.pool = pool;
        this.route = migration.route();
        this.domain = migration.domain();
    }

    /** What both hosts say now, and the job that they say it with. */
    record Sight(Observation seen, Optional<MigrationJob> job) {}

    /** @throws FailureException when one of them does not answer: nothing is known then */
    Sight look() {
        HypervisorConnection from = source();
        HypervisorConnection to = destination();
        Optional<MigrationJob> job = from.findMigration(domain, to);
        // the source first: what has left it by then must be there already
        return new Sight(
                new Observation(from.findDomain(domain), to.findDomain(domain), job.isPresent(), to.holdsCopy(domain)),
                job);
    }

    synchronized HypervisorConnection source() {
        Lease held = source;
        if (held == null) {
            held = pool.lease(route.sourceUri(), Purpose.WORK);
            source = held;
        }
        return held.connection();
    }

    synchronized HypervisorConnection destination() {
        Lease held = destination;
        if (held == null) {
            ConnectUri uri = route.destinationUri();
            if (uri == null) {
                throw new IllegalStateException("domain " + domain + " has no destination");
            }
            held = pool.lease(uri, Purpose.WORK);
            destination = held;
        }
        return held.connection();
    }

    /** Gives both back; the next use gets ones that work. */
    synchronized void release() {
        Lease from = source;
        Lease to = destination;
        source = null;
        destination = null;
        if (from != null) {
            from.close();
        }
        if (to != null) {
            to.close();
        }
    }
}
