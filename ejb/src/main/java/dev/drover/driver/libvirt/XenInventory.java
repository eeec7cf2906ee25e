package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.DomainInfo;
import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.model.NodeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * libvirt's Xen driver knows no bulk statistics: each domain is asked for. Domain-0, which is the host itself and which
 * libvirt lists among the domains, is left out; it can neither move nor be missing.
 */
record XenInventory(RemoteCalls calls) implements Inventory {

    private static final UUID DOMAIN_0 = new UUID(0, 0);
    private static final int LIST_ALL = 0;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int LOOKS = 4;
    private static final long BYTES_PER_MIB = 1024L * 1024;
    private static final long KIB_PER_MIB = 1024;

    // Domain-0's own memory statistics would tell what Linux has left there, not what the hypervisor has for guests
    @Override
    public CompletableFuture<NodeInfo> node() {
        return calls.nodeGetInfo()
                .thenCombine(
                        calls.nodeGetFreeMemory(),
                        (info, free) ->
                                new NodeInfo(info.cpuModel(), info.cpus(), info.memoryMiB(), free / BYTES_PER_MIB));
    }

    @Override
    public CompletableFuture<List<Domain>> domains() {
        return calls.connectListAllDomains(LIST_ALL).thenCompose(this::domains);
    }

    // all are asked before the first answer is waited for
    @Override
    public CompletableFuture<List<Domain>> domains(List<DomainRef> which) {
        CompletableFuture<Set<UUID>> persistent = Inventory.persistent(calls);
        List<CompletableFuture<Optional<Domain>>> asked = which.stream()
                .filter(ref -> !isDomain0(ref.uuid()))
                .map(ref -> domain(ref, persistent))
                .toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(all ->
                        asked.stream().flatMap(each -> each.join().stream()).toList());
    }

    static boolean isDomain0(UUID domain) {
        return domain.equals(DOMAIN_0);
    }

    // it may go between being listed and being asked for
    private CompletableFuture<Optional<Domain>> domain(DomainRef ref, CompletableFuture<Set<UUID>> persistent) {
        var state = calls.domainGetState(ref);
        return calls.domainGetInfo(ref)
                .thenCombine(state, (info, status) -> new Half(info, status))
                .thenCompose(half -> half.status().isPausedForMigration()
                        ? lookAgain(ref, half, LOOKS)
                        : CompletableFuture.completedFuture(half))
                .thenCombine(persistent, (half, defined) -> Optional.of(domain(ref, half, defined)))
                .exceptionally(XenInventory::absent);
    }

    private record Half(DomainInfo info, DomainStatus status) {}

    /**
     * After a migration that failed early libvirt calls a guest paused that never stopped, until its daemon is restarted or
     * the guest moves, and refuses to resume it (ADR 11). What has used its CPUs meanwhile runs, whatever libvirt calls it.
     */
    private CompletableFuture<Half> lookAgain(DomainRef ref, Half before, int looks) {
        return after(() -> calls.domainGetInfo(ref)).thenCompose(now -> {
            if (now.cpuNanos() > before.info().cpuNanos()) {
                return CompletableFuture.completedFuture(new Half(now, new DomainStatus(DomainState.RUNNING, 0)));
            }
            return looks == 1 ? CompletableFuture.completedFuture(before) : lookAgain(ref, before, looks - 1);
        });
    }

    private static <T> CompletableFuture<T> after(Supplier<CompletableFuture<T>> call) {
        var later = CompletableFuture.delayedExecutor(LOOK.toMillis(), TimeUnit.MILLISECONDS, Runnable::run);
        return CompletableFuture.supplyAsync(call, later).thenCompose(answer -> answer);
    }

    private static Domain domain(DomainRef ref, Half half, Set<UUID> defined) {
        return new Domain(
                ref.uuid(),
                ref.name(),
                half.status(),
                half.info().maxMemoryKiB() / KIB_PER_MIB,
                half.info().vcpus(),
                defined.contains(ref.uuid()));
    }

    private static Optional<Domain> absent(Throwable error) {
        HypervisorException failure = Waiting.unwrapped(error);
        if (failure.failure().code() == FailureCode.NO_DOMAIN) {
            return Optional.empty();
        }
        throw failure;
    }
}
