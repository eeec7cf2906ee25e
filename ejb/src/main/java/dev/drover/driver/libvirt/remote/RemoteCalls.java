package dev.drover.driver.libvirt.remote;

import dev.drover.driver.libvirt.rpc.RpcChannel;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.driver.libvirt.wire.Limits;
import dev.drover.driver.libvirt.wire.TypedParams;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.driver.libvirt.wire.XdrWriter;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.MigrateParams;
import dev.drover.model.NodeInfo;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** libvirt's procedures as methods. Each call but the steps of a migration ends by the deadline given here. */
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

    /** The SASL mechanisms that the server offers, parted by spaces. */
    public CompletableFuture<String> authSaslInit() {
        return call(Procedure.AUTH_SASL_INIT, new XdrWriter(), XdrReader::string);
    }

    /** @param data the first message, if the mechanism begins with one */
    public CompletableFuture<SaslReply> authSaslStart(String mechanism, Optional<byte[]> data) {
        return call(Procedure.AUTH_SASL_START, sasl(new XdrWriter().string(mechanism), data), SaslReply::read);
    }

    public CompletableFuture<SaslReply> authSaslStep(Optional<byte[]> data) {
        return call(Procedure.AUTH_SASL_STEP, sasl(new XdrWriter(), data), SaslReply::read);
    }

    // no message is not the same as an empty one; each character is a word of its own
    private static XdrWriter sasl(XdrWriter args, Optional<byte[]> data) {
        byte[] bytes = data.orElse(new byte[0]);
        args.int32(data.isPresent() ? 0 : 1).int32(bytes.length);
        for (byte each : bytes) {
            args.int32(each);
        }
        return args;
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

    public CompletableFuture<Void> domainSuspend(DomainRef domain) {
        return call(Procedure.DOMAIN_SUSPEND, of(domain));
    }

    public CompletableFuture<Void> domainResume(DomainRef domain) {
        return call(Procedure.DOMAIN_RESUME, of(domain));
    }

    /** @param flags {@code virDomainXMLFlags} */
    public CompletableFuture<String> domainGetXmlDesc(DomainRef domain, int flags) {
        return call(Procedure.DOMAIN_GET_XML_DESC, of(domain).int32(flags), XdrReader::string);
    }

    public CompletableFuture<DomainRef> domainDefineXml(String xml) {
        return call(Procedure.DOMAIN_DEFINE_XML, new XdrWriter().string(xml), DomainRef::read);
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

    public CompletableFuture<DomainInfo> domainGetInfo(DomainRef domain) {
        return call(Procedure.DOMAIN_GET_INFO, of(domain), in -> {
            in.int32(); // the state, without its reason
            long maxMemoryKiB = in.int64();
            in.int64(); // what the guest has just now
            return new DomainInfo(maxMemoryKiB, in.int32(), in.int64());
        });
    }

    public CompletableFuture<DomainStatus> domainGetState(DomainRef domain) {
        return call(
                Procedure.DOMAIN_GET_STATE,
                of(domain).int32(0),
                in -> new DomainStatus(DomainState.ofLibvirt(in.int32()), in.int32()));
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

    /** @param flags {@code virDomainAbortJobFlagsValues} */
    public CompletableFuture<Void> domainAbortJobFlags(DomainRef domain, int flags) {
        return call(Procedure.DOMAIN_ABORT_JOB_FLAGS, of(domain).int32(flags));
    }

    /**
     * @param bandwidth MiB/s
     * @param flags {@code virDomainMigrateMaxSpeedFlags}
     */
    public CompletableFuture<Void> domainMigrateSetMaxSpeed(DomainRef domain, long bandwidth, int flags) {
        return call(
                Procedure.DOMAIN_MIGRATE_SET_MAX_SPEED,
                of(domain).int64(bandwidth).int32(flags));
    }

    /**
     * MiB/s.
     *
     * @param flags {@code virDomainMigrateMaxSpeedFlags}
     */
    public CompletableFuture<Long> domainMigrateGetMaxSpeed(DomainRef domain, int flags) {
        return call(Procedure.DOMAIN_MIGRATE_GET_MAX_SPEED, of(domain).int32(flags), XdrReader::int64);
    }

    /** @param downtime ms */
    public CompletableFuture<Void> domainMigrateSetMaxDowntime(DomainRef domain, long downtime) {
        return call(
                Procedure.DOMAIN_MIGRATE_SET_MAX_DOWNTIME,
                of(domain).int64(downtime).int32(0));
    }

    /** Milliseconds. */
    public CompletableFuture<Long> domainMigrateGetMaxDowntime(DomainRef domain) {
        return call(Procedure.DOMAIN_MIGRATE_GET_MAX_DOWNTIME, of(domain).int32(0), XdrReader::int64);
    }

    /** Bytes. */
    public CompletableFuture<Long> domainMigrateGetCompressionCache(DomainRef domain) {
        return call(Procedure.DOMAIN_MIGRATE_GET_COMPRESSION_CACHE, of(domain).int32(0), XdrReader::int64);
    }

    public CompletableFuture<Void> domainMigrateSetCompressionCache(DomainRef domain, long bytes) {
        return call(
                Procedure.DOMAIN_MIGRATE_SET_COMPRESSION_CACHE,
                of(domain).int64(bytes).int32(0));
    }

    /** The result is in the domain's stats when the seconds are over. */
    public CompletableFuture<Void> domainStartDirtyRateCalc(DomainRef domain, int seconds) {
        return call(
                Procedure.DOMAIN_START_DIRTY_RATE_CALC,
                of(domain).int32(seconds).int32(0));
    }

    public CompletableFuture<Void> domainMigrateStartPostCopy(DomainRef domain) {
        return call(Procedure.DOMAIN_MIGRATE_START_POST_COPY, of(domain).int32(0));
    }

    /** Step 1 of a migration, on the source. Like all of them it answers when it is done, however long that takes. */
    public CompletableFuture<MigrationBegun> domainMigrateBegin3Params(
            DomainRef domain, MigrateParams params, long flags) {
        XdrWriter args = of(domain);
        TypedParams.write(args, params.list());
        return endless(
                Procedure.DOMAIN_MIGRATE_BEGIN3_PARAMS,
                args.int32((int) flags),
                in -> new MigrationBegun(in.opaque(Limits.OPAQUE), in.string()));
    }

    /** Step 2, on the destination. */
    public CompletableFuture<MigrationPrepared> domainMigratePrepare3Params(
            MigrateParams params, byte[] cookie, long flags) {
        var args = new XdrWriter();
        TypedParams.write(args, params.list());
        return endless(
                Procedure.DOMAIN_MIGRATE_PREPARE3_PARAMS,
                args.opaque(cookie).int32((int) flags),
                in -> new MigrationPrepared(in.opaque(Limits.OPAQUE), in.optionalString()));
    }

    /**
     * Step 3, on the source; with a destination it is the whole of a peer-to-peer migration.
     *
     * @param destination its URI as the source host reaches it; null when this client takes all the steps
     * @return the cookie for the next step
     */
    public CompletableFuture<byte[]> domainMigratePerform3Params(
            DomainRef domain, @Nullable String destination, MigrateParams params, byte[] cookie, long flags) {
        XdrWriter args = of(domain).optionalString(destination);
        TypedParams.write(args, params.list());
        return endless(
                Procedure.DOMAIN_MIGRATE_PERFORM3_PARAMS,
                args.opaque(cookie).int32((int) flags),
                in -> in.opaque(Limits.OPAQUE));
    }

    /**
     * Step 4, on the destination.
     *
     * @param cancelled whether it shall give its copy up instead of letting it run
     * @return the cookie for the last step
     */
    public CompletableFuture<byte[]> domainMigrateFinish3Params(
            MigrateParams params, byte[] cookie, long flags, boolean cancelled) {
        var args = new XdrWriter();
        TypedParams.write(args, params.list());
        return endless(
                Procedure.DOMAIN_MIGRATE_FINISH3_PARAMS,
                args.opaque(cookie).int32((int) flags).int32(cancelled ? 1 : 0),
                in -> {
                    DomainRef.read(in);
                    return in.opaque(Limits.OPAQUE);
                });
    }

    /**
     * Step 5, on the source.
     *
     * @param cancelled whether it shall go on with its copy instead of giving it up
     */
    public CompletableFuture<Void> domainMigrateConfirm3Params(
            DomainRef domain, MigrateParams params, byte[] cookie, long flags, boolean cancelled) {
        XdrWriter args = of(domain);
        TypedParams.write(args, params.list());
        args.opaque(cookie).int32((int) flags).int32(cancelled ? 1 : 0);
        return rpc.call(Procedure.DOMAIN_MIGRATE_CONFIRM3_PARAMS, args.bytes(), Duration.ZERO)
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

    private <T> CompletableFuture<T> endless(int procedure, XdrWriter args, Function<XdrReader, T> read) {
        return rpc.call(procedure, args.bytes(), Duration.ZERO).thenApply(read);
    }

    private <T> CompletableFuture<T> call(int procedure, XdrWriter args, Function<XdrReader, T> read) {
        return rpc.call(procedure, args.bytes(), deadline).thenApply(read);
    }
}
