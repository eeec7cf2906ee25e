package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.VerbArguments;
import dev.drover.model.FailureCode;
import dev.drover.model.ParamValue;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How fast a guest changes its memory, as its hypervisor measures it by sampling pages. */
final class DirtyRate {

    private static final int STATS = 1 << 9;
    private static final int MEASURED = 2;
    private static final long MIB = 1024 * 1024;
    private static final Duration LOOK = Duration.ofMillis(200);
    // the sampling itself takes a while on a busy host
    private static final int LOOKS_BEYOND = 50;

    private DirtyRate() {}

    static CompletableFuture<Long> measure(RemoteCalls calls, UUID domain, Duration over) {
        int seconds;
        try {
            seconds = (int) VerbArguments.measuring(over).toSeconds();
        } catch (HypervisorException e) {
            return CompletableFuture.failedFuture(e);
        }
        return calls.domainLookupByUuid(domain).thenCompose(ref -> calls.domainStartDirtyRateCalc(ref, seconds)
                .thenCompose(none -> after(over, () -> look(calls, ref, LOOKS_BEYOND))));
    }

    private static CompletableFuture<Long> look(RemoteCalls calls, DomainRef domain, int looks) {
        return calls.connectGetAllDomainStats(List.of(domain), STATS, 0).thenCompose(all -> {
            Map<String, ParamValue> stats =
                    all.isEmpty() ? Map.of() : all.get(0).stats();
            if (number(stats, "dirtyrate.calc_status") == MEASURED) {
                return CompletableFuture.completedFuture(number(stats, "dirtyrate.megabytes_per_second") * MIB);
            }
            if (looks == 0) {
                return CompletableFuture.failedFuture(new HypervisorException(
                        FailureCode.OPERATION_FAILED,
                        "the dirty rate of '" + domain.name() + "' was not measured in time; ask again"));
            }
            return after(LOOK, () -> look(calls, domain, looks - 1));
        });
    }

    private static <T> CompletableFuture<T> after(
            Duration delay, java.util.function.Supplier<CompletableFuture<T>> next) {
        return CompletableFuture.supplyAsync(
                        next, CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, Runnable::run))
                .thenCompose(answer -> answer);
    }

    private static long number(Map<String, ParamValue> stats, String field) {
        ParamValue value = stats.get(field);
        return value == null ? 0 : value.whole().orElse(0L);
    }
}
