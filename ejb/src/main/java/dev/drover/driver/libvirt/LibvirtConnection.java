package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.DomainStats;
import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.rpc.RpcChannel;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.ArgumentCheck;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.model.NodeInfo;
import dev.drover.model.ParamValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One connection to a libvirt daemon. Blocking calls must not be made from an event listener. */
final class LibvirtConnection implements HypervisorConnection {

    private static final int PERSISTENT = 1 << 2;
    private static final int STATE_BALLOON_VCPU = 1 | 1 << 2 | 1 << 3;
    // a domain that is busy migrating answers with what libvirt knows anyway instead of making the call wait
    private static final int NOWAIT = 1 << 29;
    private static final long KIB_PER_MIB = 1024;

    private final ConnectUri uri;
    private final RpcChannel rpc;
    private final RemoteCalls calls;
    private final EventDispatcher events;
    private final MigrationSupport support;

    LibvirtConnection(
            ConnectUri uri, RpcChannel rpc, RemoteCalls calls, EventDispatcher events, MigrationSupport support) {
        this.uri = uri;
        this.rpc = rpc;
        this.calls = calls;
        this.events = events;
        this.support = support;
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
        var node = calls.nodeGetInfo();
        var memory = calls.nodeGetMemoryStats();
        NodeInfo info = Waiting.on(node);
        Map<String, Long> kib = Waiting.on(memory);
        // the page cache gives way to a guest, so it counts as free
        long free = kib.getOrDefault("free", 0L) + kib.getOrDefault("buffers", 0L) + kib.getOrDefault("cached", 0L);
        long total = kib.getOrDefault("total", info.memoryMiB() * KIB_PER_MIB);
        return new NodeInfo(info.cpuModel(), info.cpus(), total / KIB_PER_MIB, free / KIB_PER_MIB);
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
        return read(List.of());
    }

    // both questions are sent before either answer is waited for
    private List<Domain> read(List<DomainRef> which) {
        var stats = calls.connectGetAllDomainStats(which, STATE_BALLOON_VCPU, NOWAIT);
        Set<UUID> persistent = Waiting.on(calls.connectListAllDomains(PERSISTENT)).stream()
                .map(DomainRef::uuid)
                .collect(Collectors.toSet());
        return Waiting.on(stats).stream()
                .map(each -> domain(each, persistent.contains(each.domain().uuid())))
                .toList();
    }

    private static Domain domain(DomainStats each, boolean persistent) {
        Map<String, ParamValue> stats = each.stats();
        return new Domain(
                each.domain().uuid(),
                each.domain().name(),
                new DomainStatus(
                        DomainState.ofLibvirt((int) number(stats, "state.state")), (int) number(stats, "state.reason")),
                number(stats, "balloon.maximum") / KIB_PER_MIB,
                (int) number(stats, "vcpu.maximum"),
                persistent);
    }

    private static long number(Map<String, ParamValue> stats, String field) {
        ParamValue value = stats.get(field);
        return value == null ? 0 : value.whole().orElse(0L);
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
            return read(List.of(Waiting.on(lookup))).stream().findFirst();
        } catch (HypervisorException e) {
            if (e.failure().code() == FailureCode.NO_DOMAIN) {
                return Optional.empty();
            }
            throw e;
        }
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
        new ArgumentCheck(support).check(flags, dname, hostname, params);
        if (mode != MigrationMode.PEER_TO_PEER) {
            throw new HypervisorException(
                    FailureCode.NO_SUPPORT, "mode: only peer to peer is supported so far; leave it out");
        }
        LibvirtConnection target = ofThisDriver(destination);
        PeerToPeer call = PeerToPeer.of(uri, target.uri, flags, dname, hostname, params);
        DomainRef ref = Waiting.on(calls.domainLookupByUuid(domain));
        if (flags.contains(MigrateFlag.OFFLINE)) {
            refuseOfflineOfRunning(domain);
        }
        return LibvirtMigration.start(calls, events, ref, target, call);
    }

    // libvirt lets it through and leaves a second definition on the destination (LIBVIRT.md)
    private void refuseOfflineOfRunning(UUID domain) {
        boolean active =
                findDomain(domain).filter(found -> found.status().isActive()).isPresent();
        if (active) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID, "flags: OFFLINE is for a domain that does not run; leave it out");
        }
    }

    @Override
    public Optional<MigrationJob> findMigration(UUID domain, HypervisorConnection destination) {
        LibvirtConnection target = ofThisDriver(destination);
        try {
            DomainRef ref = Waiting.on(calls.domainLookupByUuid(domain));
            return JobStatsReader.isOutgoing(Waiting.on(calls.domainGetJobStats(ref, 0)))
                    ? Optional.of(LibvirtMigration.adopt(calls, events, ref, target))
                    : Optional.empty();
        } catch (HypervisorException e) {
            if (e.failure().code() == FailureCode.NO_DOMAIN || e.failure().code() == FailureCode.OPERATION_INVALID) {
                return Optional.empty();
            }
            throw e;
        }
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
                .thenCompose(ref -> calls.connectGetAllDomainStats(List.of(ref), STATE_BALLOON_VCPU, NOWAIT))
                .thenCombine(calls.connectListAllDomains(PERSISTENT), (stats, persistent) -> stats.stream()
                        .findFirst()
                        .map(each -> domain(each, persistent.stream().anyMatch(ref -> ref.uuid()
                                .equals(domain))))
                        .orElseThrow(() -> new HypervisorException(
                                FailureCode.NO_DOMAIN, uri + ": domain " + domain + " is not here after its move")));
    }

    @Override
    public void resumeDomain(UUID domain) {
        Waiting.on(calls.domainLookupByUuid(domain).thenCompose(calls::domainResume));
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
