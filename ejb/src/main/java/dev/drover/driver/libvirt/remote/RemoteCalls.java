package dev.drover.driver.libvirt.remote;

import dev.drover.driver.libvirt.rpc.RpcChannel;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.driver.libvirt.wire.Limits;
import dev.drover.driver.libvirt.wire.TypedParams;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.driver.libvirt.wire.XdrWriter;
import dev.drover.model.NodeInfo;
import dev.drover.model.TypedParameter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** libvirt's procedures as methods. Each call but the migration itself ends by the deadline given here. */
public final class RemoteCalls {

    private static final int PAGE_CACHE_PARAMS = 4;

    private final RpcChannel rpc;
    private final Duration deadline;

    public RemoteCalls(RpcChannel rpc, Duration deadline) {
        this.rpc = rpc;
        this.deadline = deadline;
    }

    /** The authentication schemes that the server offers: 0 none, 1 SASL, 2 polkit. */
    public CompletableFuture<List<Integer>> authList() {
        return call(Procedure.AUTH_LIST, new XdrWriter(), in -> in.list(16, XdrReader::int32));
    }

    public CompletableFuture<Void> connectOpen(String name) {
        return call(Procedure.CONNECT_OPEN, new XdrWriter().optionalString(name).int32(0));
    }

    public CompletableFuture<Boolean> connectSupportsFeature(int feature) {
        return call(Procedure.CONNECT_SUPPORTS_FEATURE, new XdrWriter().int32(feature), in -> in.int32() != 0);
    }

    public CompletableFuture<String> connectGetType() {
        return call(Procedure.CONNECT_GET_TYPE, new XdrWriter(), XdrReader::string);
    }

    /** 1,000,000 × major + 1,000 × minor + release. */
    public CompletableFuture<Long> connectGetLibVersion() {
        return call(Procedure.CONNECT_GET_LIB_VERSION, new XdrWriter(), XdrReader::int64);
    }

    public CompletableFuture<String> connectGetHostname() {
        return call(Procedure.CONNECT_GET_HOSTNAME, new XdrWriter(), XdrReader::string);
    }

    public CompletableFuture<String> connectGetCapabilities() {
        return call(Procedure.CONNECT_GET_CAPABILITIES, new XdrWriter(), XdrReader::string);
    }

    /** The node with {@code freeMemoryMiB} 0: that is another call. */
    public CompletableFuture<NodeInfo> nodeGetInfo() {
        return call(Procedure.NODE_GET_INFO, new XdrWriter(), in -> {
            String model = in.chars(32);
            long memoryKiB = in.int64();
            return new NodeInfo(model, in.int32(), memoryKiB / 1024, 0);
        });
    }

    /** Bytes. */
    public CompletableFuture<Long> nodeGetFreeMemory() {
        return call(Procedure.NODE_GET_FREE_MEMORY, new XdrWriter(), XdrReader::int64);
    }

    /** Of the whole node, KiB by name: total, free, buffers, cached. */
    public CompletableFuture<Map<String, Long>> nodeGetMemoryStats() {
        var args = new XdrWriter().int32(PAGE_CACHE_PARAMS).int32(-1).int32(0);
        return call(Procedure.NODE_GET_MEMORY_STATS, args, in -> {
            Map<String, Long> stats = new HashMap<>();
            in.list(Limits.PARAMS, each -> Map.entry(each.string(), each.int64()))
                    .forEach(entry -> stats.put(entry.getKey(), entry.getValue()));
            return stats;
        });
    }

    public CompletableFuture<DomainRef> domainLookupByUuid(UUID uuid) {
        return call(Procedure.DOMAIN_LOOKUP_BY_UUID, new XdrWriter().uuid(uuid), DomainRef::read);
    }

    public CompletableFuture<DomainRef> domainLookupByName(String name) {
        return call(Procedure.DOMAIN_LOOKUP_BY_NAME, new XdrWriter().string(name), DomainRef::read);
    }

    public CompletableFuture<Void> domainResume(DomainRef domain) {
        return call(Procedure.DOMAIN_RESUME, of(domain));
    }

    public CompletableFuture<Void> domainDestroy(DomainRef domain) {
        return call(Procedure.DOMAIN_DESTROY, of(domain));
    }

    public CompletableFuture<Void> domainUndefine(DomainRef domain) {
        return call(Procedure.DOMAIN_UNDEFINE, of(domain));
    }

    /** @param flags {@code virConnectListAllDomainsFlags} */
    public CompletableFuture<List<DomainRef>> connectListAllDomains(int flags) {
        return call(
                Procedure.CONNECT_LIST_ALL_DOMAINS,
                new XdrWriter().int32(1).int32(flags),
                in -> in.list(Limits.DOMAINS, DomainRef::read));
    }

    /**
     * @param domains which ones; empty is all
     * @param stats {@code virDomainStatsTypes}
     * @param flags {@code virConnectGetAllDomainStatsFlags}
     */
    public CompletableFuture<List<DomainStats>> connectGetAllDomainStats(
            List<DomainRef> domains, int stats, int flags) {
        var args = new XdrWriter()
                .list(domains, (out, domain) -> domain.write(out))
                .int32(stats)
                .int32(flags);
        return call(
                Procedure.CONNECT_GET_ALL_DOMAIN_STATS,
                args,
                in -> in.list(Limits.DOMAINS, each -> new DomainStats(DomainRef.read(each), TypedParams.read(each))));
    }

    /** @param flags {@code virDomainGetJobStatsFlags} */
    public CompletableFuture<JobStatsReply> domainGetJobStats(DomainRef domain, int flags) {
        return call(
                Procedure.DOMAIN_GET_JOB_STATS,
                of(domain).int32(flags),
                in -> new JobStatsReply(in.int32(), TypedParams.read(in)));
    }

    public CompletableFuture<Void> domainAbortJob(DomainRef domain) {
        return call(Procedure.DOMAIN_ABORT_JOB, of(domain));
    }

    /** @param bandwidth MiB/s */
    public CompletableFuture<Void> domainMigrateSetMaxSpeed(DomainRef domain, long bandwidth) {
        return call(
                Procedure.DOMAIN_MIGRATE_SET_MAX_SPEED,
                of(domain).int64(bandwidth).int32(0));
    }

    /** @param downtime ms */
    public CompletableFuture<Void> domainMigrateSetMaxDowntime(DomainRef domain, long downtime) {
        return call(
                Procedure.DOMAIN_MIGRATE_SET_MAX_DOWNTIME,
                of(domain).int64(downtime).int32(0));
    }

    public CompletableFuture<Void> domainMigrateStartPostCopy(DomainRef domain) {
        return call(Procedure.DOMAIN_MIGRATE_START_POST_COPY, of(domain).int32(0));
    }

    /** The whole of a peer-to-peer migration: answers when it has ended, however long that takes. */
    public CompletableFuture<Void> domainMigratePerform3Params(
            DomainRef domain, String destination, List<TypedParameter> params, long flags) {
        XdrWriter args = of(domain).optionalString(destination);
        TypedParams.write(args, params);
        args.opaque(new byte[0]).int32((int) flags);
        return rpc.call(Procedure.DOMAIN_MIGRATE_PERFORM3_PARAMS, args.bytes(), Duration.ZERO)
                .thenAccept(in -> {});
    }

    /** @param event {@code virDomainEventID}; of all domains */
    public CompletableFuture<Integer> connectDomainEventCallbackRegisterAny(int event) {
        return call(
                Procedure.CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY,
                new XdrWriter().int32(event).int32(0),
                XdrReader::int32);
    }

    private static XdrWriter of(DomainRef domain) {
        var args = new XdrWriter();
        domain.write(args);
        return args;
    }

    private CompletableFuture<Void> call(int procedure, XdrWriter args) {
        return rpc.call(procedure, args.bytes(), deadline).thenAccept(in -> {});
    }

    private <T> CompletableFuture<T> call(int procedure, XdrWriter args, Function<XdrReader, T> read) {
        return rpc.call(procedure, args.bytes(), deadline).thenApply(read);
    }
}
