package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.JobStatsReply;
import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.rpc.RpcChannel;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.ArgumentCheck;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.NodeInfo;
import dev.drover.model.ParamValue.StringValue;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One connection to a libvirt daemon. Blocking calls must not be made from an event listener. */
final class LibvirtConnection implements HypervisorConnection {

    private static final int COMPLETED_KEEP = 1 | 1 << 1;
    private static final int OPERATION_UNSUPPORTED = 84;
    private static final int FEATURE_CHANGE_PROTECTION = 7;
    private static final long BYTES_PER_MIB = 1024L * 1024;
    // with its passwords, as it would be started the next time
    private static final int SECURE_INACTIVE = 1 | 1 << 1;

    private final ConnectUri uri;
    private final RpcChannel rpc;
    private final RemoteCalls calls;
    private final EventDispatcher events;
    private final MigrationSupport support;
    private final Inventory inventory;
    private final MigrationGuard guard;
    private final Optional<MigrationMode> preset;
    private final Supplier<LibvirtConnection> another;
    private final Optional<Holding> holding;
    private final AtomicReference<@Nullable HostIdentity> identity = new AtomicReference<>();

    /**
     * @param preset who drives a migration that leaves it open, if the operator has said so
     * @param another opens one more connection to the same daemon
     * @param holding holds copies there, where the operator wants it
     */
    LibvirtConnection(
            ConnectUri uri,
            RpcChannel rpc,
            RemoteCalls calls,
            EventDispatcher events,
            MigrationSupport support,
            Inventory inventory,
            MigrationGuard guard,
            Optional<MigrationMode> preset,
            Supplier<LibvirtConnection> another,
            Optional<Holding> holding) {
        this.uri = uri;
        this.rpc = rpc;
        this.calls = calls;
        this.events = events;
        this.support = support;
        this.inventory = inventory;
        this.guard = guard;
        this.preset = preset;
        this.another = another;
        this.holding = holding;
    }

    RemoteCalls calls() {
        return calls;
    }

    @Override
    public ConnectUri uri() {
        return uri;
    }

    @Override
    public boolean isOpen() {
        return rpc.isOpen();
    }

    @Override
    public void ping() {
        Waiting.on(calls.connectGetLibVersion());
    }

    @Override
    public String hostname() {
        return Waiting.on(calls.connectGetHostname());
    }

    @Override
    public NodeInfo nodeInfo() {
        return Waiting.on(inventory.node());
    }

    /** What the hypervisor can give to a new domain at this moment. */
    long freeMemoryMiB() {
        return Waiting.on(calls.nodeGetFreeMemory()) / BYTES_PER_MIB;
    }

    @Override
    public String capabilities() {
        return Waiting.on(calls.connectGetCapabilities());
    }

    @Override
    public MigrationSupport migrationSupport() {
        return support;
    }

    @Override
    public List<Domain> domains() {
        return Waiting.on(inventory.domains());
    }

    @Override
    public Optional<Domain> findDomain(UUID uuid) {
        return find(calls.domainLookupByUuid(uuid));
    }

    @Override
    public Optional<Domain> findDomain(String name) {
        return find(calls.domainLookupByName(name));
    }

    // the domain may go between the two calls
    private Optional<Domain> find(CompletableFuture<DomainRef> lookup) {
        try {
            return Waiting.on(lookup.thenCompose(ref -> inventory.domains(List.of(ref)))).stream()
                    .findFirst();
        } catch (HypervisorException e) {
            if (e.failure().code() == FailureCode.NO_DOMAIN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public MigrationMode mode(HypervisorConnection destination, Set<MigrateFlag> flags) {
        return ModeRule.choose(preset, destination.uri(), flags);
    }

    @Override
    public void checkMigration(
            HypervisorConnection destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            MigrationMode mode) {
        new ArgumentCheck(support).check(mode, flags, dname, hostname, params);
        if (mode == MigrationMode.PEER_TO_PEER) {
            PeerToPeer.check(uri, ofThisDriver(destination).uri);
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
            MigrationMode mode) {
        checkMigration(destination, flags, dname, hostname, params, mode);
        var start = new MigrationStart(this, ofThisDriver(destination));
        return switch (mode) {
            case PEER_TO_PEER -> start.peerToPeer(domain, flags, dname, hostname, params);
            case MANAGED -> start.managed(domain, flags, dname, hostname, params);
        };
    }

    /** Opens one more connection to the same daemon. */
    LibvirtConnection openAnother() {
        return another.get();
    }

    Optional<Holding> holding() {
        return holding;
    }

    /** Asked for once: a host keeps its identity. */
    HostIdentity identity() {
        HostIdentity known = identity.get();
        if (known == null) {
            known = HostIdentity.of(capabilities(), hostname());
            identity.set(known);
        }
        return known;
    }

    /** Whether a job of the domain is under way here: a migration, or a change that another client makes. */
    boolean isBusy(DomainRef domain) {
        return JobStatsReader.isActive(Waiting.on(calls.domainGetJobStats(domain, 0)));
    }

    @Override
    public Optional<MigrationJob> findMigration(UUID domain, HypervisorConnection destination) {
        LibvirtConnection target = ofThisDriver(destination);
        try {
            DomainRef ref = Waiting.on(calls.domainLookupByUuid(domain));
            JobStatsReply job = Waiting.on(calls.domainGetJobStats(ref, 0));
            boolean underWay =
                    JobStatsReader.isOutgoing(job) && !hasBrokenOff(domain) && !isLeftBehind(domain, job, target);
            return underWay ? Optional.of(LibvirtMigration.adopt(this, ref, target)) : Optional.empty();
        } catch (HypervisorException e) {
            if (tellsOfNoJob(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    MigrationGuard guard() {
        return guard;
    }

    private boolean isLeftBehind(UUID domain, JobStatsReply job, LibvirtConnection target) {
        return guard.mayBeLeftBehind(job) && target.findDomain(domain).isEmpty();
    }

    /** @throws HypervisorException {@code STUCK} when a job of the domain here is one that nobody works on */
    void refuseStuck(DomainRef domain, LibvirtConnection target) {
        if (isLeftBehind(domain.uuid(), Waiting.on(calls.domainGetJobStats(domain, 0)), target)) {
            throw stuck(domain, target);
        }
    }

    HypervisorException stuck(DomainRef domain, LibvirtConnection target) {
        return new HypervisorException(
                FailureCode.STUCK,
                "domain: '" + domain.name() + "' on " + uri + " has a job that " + target.uri
                        + " knows nothing of: a managed migration that ended between its first two steps leaves one that "
                        + "never ends. See whether the domain is on its way to another host; if not, restart libvirtd on "
                        + uri + ", where guests go on meanwhile");
    }

    // an incoming migration has no figures, and is none that leaves
    private static boolean tellsOfNoJob(HypervisorException e) {
        return e.failure().code() == FailureCode.NO_DOMAIN
                || e.failure().code() == FailureCode.OPERATION_INVALID
                || e.failure().number() == OPERATION_UNSUPPORTED;
    }

    // libvirt keeps the job of a broken post-copy for its recovery, but nothing moves until then
    private boolean hasBrokenOff(UUID domain) {
        return findDomain(domain)
                .map(Domain::status)
                .filter(DomainStatus::isBrokenPostCopy)
                .isPresent();
    }

    private LibvirtConnection ofThisDriver(HypervisorConnection destination) {
        if (destination instanceof LibvirtConnection same) {
            return same;
        }
        throw new HypervisorException(
                FailureCode.INVALID_ARGUMENT,
                "destination: " + destination.uri() + " is not reached through libvirt as " + uri + " is");
    }

    /** The domain under that UUID here, asked without blocking; for results of migrations to this host. */
    CompletableFuture<Domain> arrived(UUID domain) {
        return calls.domainLookupByUuid(domain)
                .thenCompose(ref -> inventory.domains(List.of(ref)))
                .thenApply(found -> found.stream()
                        .findFirst()
                        .orElseThrow(() -> new HypervisorException(
                                FailureCode.NO_DOMAIN, uri + ": domain " + domain + " is not here after its move")));
    }

    /** Whether the source guards a domain from changes while this client migrates it; then Begin starts a job. */
    CompletableFuture<Boolean> protectsFromChanges() {
        return calls.connectSupportsFeature(FEATURE_CHANGE_PROTECTION);
    }

    /** Whether the domain's virtual CPUs stand still, asked without blocking. */
    CompletableFuture<Boolean> isPaused(DomainRef domain) {
        return status(domain).thenApply(status -> status.state() == DomainState.PAUSED);
    }

    /** The domain's state, asked without blocking. */
    CompletableFuture<DomainStatus> status(DomainRef domain) {
        return inventory.domains(List.of(domain)).thenApply(found -> found.stream()
                .findFirst()
                .map(Domain::status)
                .orElseThrow(() -> new HypervisorException(
                        FailureCode.NO_DOMAIN, uri + ": domain '" + domain.name() + "' is not here")));
    }

    /** The final figures of a migration to or from here, if this daemon kept them. */
    CompletableFuture<Optional<JobStats>> completedStats(UUID domain) {
        return calls.domainLookupByUuid(domain)
                .thenCompose(ref -> calls.domainGetJobStats(ref, COMPLETED_KEEP))
                .thenApply(JobStatsReader::read)
                .handle((stats, none) ->
                        Optional.ofNullable(stats).filter(found -> found.type() == JobStats.Type.COMPLETED));
    }

    @Override
    public CompletionStage<Long> measureDirtyRate(UUID domain, Duration over) {
        try {
            support.require(MigrationSupport.Verb.DIRTY_RATE);
        } catch (HypervisorException e) {
            return CompletableFuture.failedFuture(e);
        }
        return DirtyRate.measure(calls, domain, over);
    }

    @Override
    public CompletionStage<Void> finishPostCopy(UUID domain, boolean paused) {
        Set<MigrateFlag> flags = EnumSet.of(MigrateFlag.LIVE, MigrateFlag.POSTCOPY);
        if (paused) {
            flags.add(MigrateFlag.PAUSED);
        }
        // the source's cookie is lost with the client, and only had what is owed elsewhere
        return calls.domainLookupByUuid(domain)
                .thenCompose(ref -> calls.domainMigrateFinish3Params(
                        MigrateParams.none().with(MigrateParam.DESTINATION_NAME, new StringValue(ref.name())),
                        new byte[0],
                        MigrateFlag.mask(flags),
                        false))
                .thenAccept(cookie -> {});
    }

    @Override
    public boolean holdsCopy(UUID domain) {
        return holding.filter(way -> way.has(domain)).isPresent();
    }

    @Override
    public void letGoOfCopy(UUID domain) {
        holding.ifPresent(way -> way.letGo(domain));
    }

    @Override
    public void suspendDomain(UUID domain) {
        Waiting.on(calls.domainLookupByUuid(domain).thenCompose(calls::domainSuspend));
    }

    @Override
    public void resumeDomain(UUID domain) {
        Waiting.on(calls.domainLookupByUuid(domain).thenCompose(calls::domainResume));
    }

    @Override
    public void persistDomain(UUID domain) {
        Waiting.on(calls.domainLookupByUuid(domain)
                .thenCompose(ref -> calls.domainGetXmlDesc(ref, SECURE_INACTIVE))
                .thenCompose(calls::domainDefineXml));
    }

    @Override
    public void destroyDomain(UUID domain) {
        Waiting.on(calls.domainLookupByUuid(domain).thenCompose(calls::domainDestroy));
    }

    @Override
    public void undefineDomain(UUID domain) {
        Waiting.on(calls.domainLookupByUuid(domain).thenCompose(calls::domainUndefine));
    }

    @Override
    public Subscription subscribe(Consumer<HypervisorEvent> listener) {
        return events.subscribe(listener);
    }

    @Override
    public void close() {
        rpc.close();
    }
}
