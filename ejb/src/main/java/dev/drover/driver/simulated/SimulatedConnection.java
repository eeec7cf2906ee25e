package dev.drover.driver.simulated;

import dev.drover.hypervisor.ArgumentCheck;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.hypervisor.VerbArguments;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.NodeInfo;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection to a simulated host. */
final class SimulatedConnection implements HypervisorConnection {

    private final ConnectUri uri;
    private final String host;
    private final SimulatedFleet fleet;
    private final SimulatedDriver client;
    private final MigrationSupport support;
    private final List<Consumer<HypervisorEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<SimulatedJob> jobs = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    SimulatedConnection(ConnectUri uri, String host, SimulatedFleet fleet, SimulatedDriver client, boolean canRename) {
        this.uri = uri;
        this.host = host;
        this.fleet = fleet;
        this.support = support(canRename, client.holdsCopies());
        this.client = client;
    }

    private static MigrationSupport support(boolean canRename, boolean holds) {
        Set<MigrateParam> params = EnumSet.of(MigrateParam.BANDWIDTH);
        Set<Verb> verbs = EnumSet.of(
                Verb.ABORT,
                Verb.SET_MAX_SPEED,
                Verb.SET_MAX_DOWNTIME,
                Verb.START_POST_COPY,
                Verb.POST_COPY_RECOVERY,
                Verb.DIRTY_RATE,
                Verb.PROGRESS,
                Verb.COMPLETED_STATS,
                Verb.BANDWIDTH,
                Verb.MOVE_PAUSED,
                Verb.DATA_OVER_IPV6,
                Verb.END_WITH_CLIENT);
        if (holds) {
            verbs.add(Verb.HELD_POST_COPY);
        }
        if (canRename) {
            params.add(MigrateParam.DESTINATION_NAME);
            verbs.add(Verb.RENAME);
        }
        return new MigrationSupport(
                "the simulated hypervisor",
                Optional.empty(),
                Set.of(
                        MigrateFlag.LIVE,
                        MigrateFlag.PEER2PEER,
                        MigrateFlag.PERSIST_DEST,
                        MigrateFlag.UNDEFINE_SOURCE,
                        MigrateFlag.AUTO_CONVERGE,
                        MigrateFlag.PAUSED,
                        MigrateFlag.POSTCOPY,
                        MigrateFlag.POSTCOPY_RESUME),
                params,
                Set.of(),
                Set.of(),
                EnumSet.allOf(MigrationMode.class),
                verbs);
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
        requireAnswer();
    }

    @Override
    public String hostname() {
        requireAnswer();
        return host;
    }

    @Override
    public NodeInfo nodeInfo() {
        requireAnswer();
        return fleet.nodeInfo(host);
    }

    @Override
    public String capabilities() {
        requireAnswer();
        return "<capabilities><host><cpu><arch>simulated</arch></cpu></host></capabilities>";
    }

    @Override
    public MigrationSupport migrationSupport() {
        return support;
    }

    @Override
    public List<Domain> domains() {
        requireAnswer();
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
        // every simulated host can log in to every other one
        return MigrationMode.PEER_TO_PEER;
    }

    @Override
    public void checkMigration(
            HypervisorConnection destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            MigrationMode driver) {
        new ArgumentCheck(support).check(driver, flags, dname, hostname, params);
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
    }

    @Override
    public MigrationJob startMigration(
            UUID domain,
            HypervisorConnection destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            MigrationMode driver) {
        requireAnswer();
        new ArgumentCheck(support).check(driver, flags, dname, hostname, params);
        new ArgumentCheck(support).checkWith(() -> found(domain), flags, params);
        checkMigration(destination, flags, dname, hostname, params, driver);
        SimulatedConnection target = ofThisDriver(destination);
        String name =
                dname == null ? params.string(MigrateParam.DESTINATION_NAME).orElse(null) : dname;
        target.requireAnswer();
        SimulatedDomain guest = fleet.domain(host, domain);
        SimulatedJob job = follow(
                fleet.migrate(new SimulatedMigration.Order(
                        guest,
                        fleet.node(host),
                        fleet.node(target.host),
                        name == null ? guest.name() : name,
                        flags,
                        driver,
                        List.of(this, target),
                        client.holdsCopies())),
                false);
        params.number(MigrateParam.BANDWIDTH).filter(limit -> limit > 0).ifPresent(job::setMaxSpeed);
        return job;
    }

    private SimulatedJob follow(SimulatedMigration migration, boolean adopted) {
        var job = new SimulatedJob(fleet, migration, this, adopted);
        jobs.add(job);
        job.result().whenComplete((arrived, failure) -> jobs.remove(job));
        fleet.follow(migration, job);
        return job;
    }

    private Domain found(UUID domain) {
        return findDomain(domain)
                .orElseThrow(() ->
                        new HypervisorException(FailureCode.NO_DOMAIN, "domain: " + domain + " is not on " + host));
    }

    @Override
    public Optional<MigrationJob> findMigration(UUID domain, HypervisorConnection destination) {
        requireAnswer();
        return fleet.outgoing(host, domain).map(migration -> follow(migration, true));
    }

    private static SimulatedConnection ofThisDriver(HypervisorConnection destination) {
        if (destination instanceof SimulatedConnection same) {
            return same;
        }
        throw new HypervisorException(
                FailureCode.INVALID_ARGUMENT, "destination: " + destination.uri() + " is no simulated host");
    }

    @Override
    public CompletionStage<Long> measureDirtyRate(UUID domain, Duration over) {
        try {
            requireAnswer();
            return fleet.guests().dirtyRate(host, domain, VerbArguments.measuring(over));
        } catch (HypervisorException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletionStage<Void> finishPostCopy(UUID domain, boolean paused) {
        try {
            requireAnswer();
            return fleet.guests().finishPostCopy(host, domain);
        } catch (HypervisorException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public boolean holdsCopy(UUID domain) {
        return fleet.guests().holdsCopy(host, domain);
    }

    @Override
    public void letGoOfCopy(UUID domain) {
        fleet.guests().letGo(host, domain);
    }

    @Override
    public void resumeDomain(UUID domain) {
        requireAnswer();
        fleet.guests().resume(host, domain);
    }

    @Override
    public void suspendDomain(UUID domain) {
        requireAnswer();
        fleet.guests().suspend(host, domain);
    }

    @Override
    public void persistDomain(UUID domain) {
        requireAnswer();
        fleet.guests().persist(host, domain);
    }

    @Override
    public void destroyDomain(UUID domain) {
        requireAnswer();
        fleet.guests().destroy(host, domain);
    }

    @Override
    public void undefineDomain(UUID domain) {
        requireAnswer();
        fleet.guests().undefine(host, domain);
    }

    @Override
    public Subscription subscribe(Consumer<HypervisorEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** @throws HypervisorException when the connection has ended or its host does not answer */
    void requireAnswer() {
        if (closed.get()) {
            throw new HypervisorException(FailureCode.RPC_ERROR, uri + ": the connection is closed");
        }
        fleet.requireAnswer(host);
    }

    SimulatedDriver client() {
        return client;
    }

    String host() {
        return host;
    }

    @Override
    public void close() {
        if (isOpen()) {
            fleet.disconnected(List.of(this), Failure.of(FailureCode.RPC_ERROR, uri + ": the connection is closed"));
        }
    }

    /** It ended, whoever wanted it. */
    void lost(Failure why) {
        if (closed.compareAndSet(false, true)) {
            hear(new HypervisorEvent.ConnectionClosed(Optional.of(why)));
            jobs.forEach(job -> job.lost(why));
        }
    }

    void hear(HypervisorEvent event) {
        listeners.forEach(listener -> listener.accept(event));
    }
}
