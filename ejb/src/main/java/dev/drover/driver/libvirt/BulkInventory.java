package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.DomainStats;
import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.NodeInfo;
import dev.drover.model.ParamValue;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks for all domains at once, which costs two calls however many there are. */
record BulkInventory(RemoteCalls calls) implements Inventory {

    private static final int STATE_BALLOON_VCPU = 1 | 1 << 2 | 1 << 3;
    // a domain that is busy migrating answers with what libvirt knows anyway instead of making the call wait
    private static final int NOWAIT = 1 << 29;
    private static final long KIB_PER_MIB = 1024;

    @Override
    public CompletableFuture<NodeInfo> node() {
        return calls.nodeGetInfo().thenCombine(calls.nodeGetMemoryStats(), (info, kib) -> {
            // the page cache gives way to a guest, so it counts as free
            long free = kib.getOrDefault("free", 0L) + kib.getOrDefault("buffers", 0L) + kib.getOrDefault("cached", 0L);
            long total = kib.getOrDefault("total", info.memoryMiB() * KIB_PER_MIB);
            return new NodeInfo(info.cpuModel(), info.cpus(), total / KIB_PER_MIB, free / KIB_PER_MIB);
        });
    }

    @Override
    public CompletableFuture<List<Domain>> domains() {
        return domains(List.of());
    }

    // both questions are sent before either answer is waited for; an empty list is libvirt's word for all
    @Override
    public CompletableFuture<List<Domain>> domains(List<DomainRef> which) {
        return calls.connectGetAllDomainStats(which, STATE_BALLOON_VCPU, NOWAIT)
                .thenCombine(Inventory.persistent(calls), (all, persistent) -> all.stream()
                        .map(each ->
                                domain(each, persistent.contains(each.domain().uuid())))
                        .toList());
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
}
