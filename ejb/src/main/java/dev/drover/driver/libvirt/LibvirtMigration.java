package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.JobStatsReply;
import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.HypervisorConnection.Subscription;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A peer-to-peer migration, seen from the source's connection. It goes on at the hosts whatever becomes of this object;
 * when the connection is lost the result fails and the outcome is for the caller to find out.
 */
final class LibvirtMigration implements MigrationJob {

    private static final Duration ADOPTED_LOOK = Duration.ofMillis(500);
    private static final int PERSIST_FAILED = 69;

    private final RemoteCalls calls;
    private final DomainRef domain;
    private final CompletableFuture<Domain> result = new CompletableFuture<>();
    private final AtomicReference<@Nullable JobStats> completed = new AtomicReference<>();
    private final Subscription subscription;
    private final AtomicReference<@Nullable CompletableFuture<Void>> abort = new AtomicReference<>();

    private LibvirtMigration(RemoteCalls calls, EventDispatcher events, DomainRef domain) {
        this.calls = calls;
        this.domain = domain;
        this.subscription = events.subscribe(this::hear);
    }

    static LibvirtMigration start(
            RemoteCalls calls, EventDispatcher events, DomainRef domain, LibvirtConnection target, PeerToPeer call) {
        var migration = new LibvirtMigration(calls, events, domain);
        calls.domainMigratePerform3Params(
                        domain, call.destination(), call.params().list(), MigrateFlag.mask(call.flags()))
                .whenComplete((none, error) -> migration.ended(target, error));
        return migration;
    }

    /** Follows one that somebody else started. */
    static LibvirtMigration adopt(
            RemoteCalls calls, EventDispatcher events, DomainRef domain, LibvirtConnection target) {
        var migration = new LibvirtMigration(calls, events, domain);
        migration.look(target);
        return migration;
    }

    private void look(LibvirtConnection target) {
        calls.domainGetJobStats(domain, 0).whenComplete((reply, error) -> {
            if (error == null && JobStatsReader.isOutgoing(reply)) {
                CompletableFuture.delayedExecutor(ADOPTED_LOOK.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                        .execute(() -> look(target));
            } else {
                ended(target, null);
            }
        });
    }

    private void hear(HypervisorEvent event) {
        if (event instanceof HypervisorEvent.JobCompleted job && job.domain().equals(domain.uuid())) {
            completed.set(job.stats());
        }
    }

    private void ended(LibvirtConnection target, @Nullable Throwable error) {
        HypervisorException failure = error == null ? null : Waiting.unwrapped(error);
        // the guest did move, only its definition was not kept
        if (failure != null && failure.failure().number() != PERSIST_FAILED) {
            subscription.close();
            failed(failure);
            return;
        }
        target.arrived(domain.uuid()).whenComplete((arrived, lost) -> {
            subscription.close();
            if (lost != null) {
                result.completeExceptionally(Waiting.unwrapped(lost));
            } else {
                result.complete(arrived);
            }
        });
    }

    /**
     * QEMU 7.2 answers four of ten aborts with a broken socket rather than with "cancelled", and libvirt then says 9 for
     * 78 (measured): one that libvirt accepted is why the migration ended.
     */
    private void failed(HypervisorException failure) {
        CompletableFuture<Void> asked = abort.get();
        if (asked == null || failure.failure().code() != FailureCode.OPERATION_FAILED) {
            result.completeExceptionally(failure);
            return;
        }
        asked.whenComplete((none, refused) -> result.completeExceptionally(
                refused != null
                        ? failure
                        : new HypervisorException(
                                FailureCode.ABORTED,
                                "aborted as asked: " + failure.failure().message(),
                                failure)));
    }

    @Override
    public UUID domain() {
        return domain.uuid();
    }

    @Override
    public CompletionStage<Domain> result() {
        return result;
    }

    @Override
    public CompletionStage<JobStats> stats() {
        JobStats last = completed.get();
        if (last != null) {
            return CompletableFuture.completedFuture(last);
        }
        if (result.isDone()) {
            return CompletableFuture.completedFuture(JobStats.none());
        }
        return calls.domainGetJobStats(domain, 0)
                .handle((reply, error) -> {
                    HypervisorException failure = error == null ? null : Waiting.unwrapped(error);
                    // a transient domain is gone from the source before the call has returned
                    if (failure != null && failure.failure().code() == FailureCode.NO_DOMAIN) {
                        return new JobStatsReply(0, java.util.Map.of());
                    }
                    if (failure != null) {
                        throw failure;
                    }
                    return reply;
                })
                .thenApply(JobStatsReader::read);
    }

    @Override
    public CompletionStage<Void> abort() {
        CompletableFuture<Void> asked = calls.domainAbortJob(domain);
        abort.set(asked);
        return asked;
    }

    @Override
    public CompletionStage<Void> setMaxSpeed(long mebibytesPerSecond) {
        return calls.domainMigrateSetMaxSpeed(domain, mebibytesPerSecond);
    }

    @Override
    public CompletionStage<Void> setMaxDowntime(Duration downtime) {
        return calls.domainMigrateSetMaxDowntime(domain, downtime.toMillis());
    }

    @Override
    public CompletionStage<Void> startPostCopy() {
        return calls.domainMigrateStartPostCopy(domain);
    }
}
