package dev.drover.driver.simulated;

import dev.drover.hypervisor.ArgumentCheck;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.NodeInfo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection to a simulated host. */
final class SimulatedConnection implements HypervisorConnection {

    private final ConnectUri uri;
    private final String host;
    private final SimulatedFleet fleet;
    private final MigrationSupport support;
    private final AtomicBoolean closed = new AtomicBoolean();

    SimulatedConnection(ConnectUri uri, String host, SimulatedFleet fleet, boolean canRename) {
        this.uri = uri;
        this.host = host;
        this.fleet = fleet;
        this.support = support(canRename);
    }

    private static MigrationSupport support(boolean canRename) {
        return new MigrationSupport(
                "the simulated hypervisor",
                Set.of(
                        MigrateFlag.LIVE,
                        MigrateFlag.PEER2PEER,
                        MigrateFlag.PERSIST_DEST,
                        MigrateFlag.UNDEFINE_SOURCE,
                        MigrateFlag.AUTO_CONVERGE),
                canRename
                        ? Set.of(MigrateParam.DESTINATION_NAME, MigrateParam.BANDWIDTH)
                        : Set.of(MigrateParam.BANDWIDTH),
                canRename,
                Set.of(Verb.ABORT, Verb.SET_MAX_SPEED, Verb.SET_MAX_DOWNTIME, Verb.PROGRESS));
    }

    @Override
    public ConnectUri uri() {
        return uri;
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public void ping() {
        requireOpen();
    }

    @Override
    public String hostname() {
        requireOpen();
        return host;
    }

    @Override
    public NodeInfo nodeInfo() {
        requireOpen();
        return fleet.nodeInfo(host);
    }

    @Override
    public String capabilities() {
        requireOpen();
        return "<capabilities><host><cpu><arch>simulated</arch></cpu></host></capabilities>";
    }

    @Override
    public MigrationSupport migrationSupport() {
        return support;
    }

    @Override
    public List<Domain> domains() {
        requireOpen();
        return fleet.domainsOn(host).stream().map(SimulatedDomain::domain).toList();
    }

    @Override
    public Optional<Domain> findDomain(UUID uuid) {
        return domains().stream().filter(domain -> domain.uuid().equals(uuid)).findFirst();
    }

    @Override
    public Optional<Domain> findDomain(String name) {
        return domains().stream().filter(domain -> domain.name().equals(name)).findFirst();
    }

    @Override
    public MigrationMode mode(HypervisorConnection destination, Set<MigrateFlag> flags) {
        return MigrationMode.PEER_TO_PEER;
    }

    @Override
    public MigrationJob startMigration(
            UUID domain,
            HypervisorConnection destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            MigrationMode mode) {
        requireOpen();
        if (mode != MigrationMode.PEER_TO_PEER) {
            throw new HypervisorException(
                    FailureCode.NO_SUPPORT, "mode: only peer to peer is supported so far; leave it out");
        }
        new ArgumentCheck(support).check(flags, dname, hostname, params);
        SimulatedConnection target = ofThisDriver(destination);
        if (target.host.equals(host)) {
            throw new HypervisorException(
                    FailureCode.INVALID_ARGUMENT, "destination: " + host + " is the source itself; name another host");
        }
        if (hostname != null && !hostname.equals(target.host)) {
            throw new HypervisorException(
                    FailureCode.INVALID_ARGUMENT,
                    "hostname: '" + hostname + "' is not the destination " + target.host + "; leave it out");
        }
        String name =
                dname == null ? params.string(MigrateParam.DESTINATION_NAME).orElse(null) : dname;
        SimulatedMigration migration = fleet.migrate(host, domain, target.host, name);
        params.number(MigrateParam.BANDWIDTH).filter(limit -> limit > 0).ifPresent(migration::setMaxSpeed);
        return migration;
    }

    @Override
    public Optional<MigrationJob> findMigration(UUID domain, HypervisorConnection destination) {
        requireOpen();
        return fleet.outgoing(host, domain).map(MigrationJob.class::cast);
    }

    private static SimulatedConnection ofThisDriver(HypervisorConnection destination) {
        if (destination instanceof SimulatedConnection same) {
            return same;
        }
        throw new HypervisorException(
                FailureCode.INVALID_ARGUMENT, "destination: " + destination.uri() + " is no simulated host");
    }

    @Override
    public void resumeDomain(UUID domain) {
        requireOpen();
        fleet.resume(host, domain);
    }

    @Override
    public void destroyDomain(UUID domain) {
        requireOpen();
        fleet.destroy(host, domain);
    }

    @Override
    public void undefineDomain(UUID domain) {
        requireOpen();
        throw new HypervisorException(
                FailureCode.OPERATION_INVALID,
                "domain " + domain + " on " + host + " is transient, nothing is defined");
    }

    @Override
    public Subscription subscribe(Consumer<HypervisorEvent> listener) {
        return fleet.subscribe(host, listener)::run;
    }

    private void requireOpen() {
        if (closed.get()) {
            throw new HypervisorException(FailureCode.RPC_ERROR, uri + ": the connection is closed");
        }
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
