package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.JobStatsReply;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.HypervisorConnection.Subscription;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationPhase;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.hypervisor.PhaseLog;
import dev.drover.hypervisor.VerbArguments;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A migration, seen from the source's connection. A peer-to-peer one goes on at the hosts whatever becomes of this object;
 * when the connection is lost the result fails and the outcome is for the caller to find out.
 */
final class LibvirtMigration implements MigrationJob {

    private static final Duration ADOPTED_LOOK = Duration.ofMillis(500);
    private static final int PERSIST_FAILED = 69;
    private static final int ABORT_POSTCOPY = 1;
    private static final int SPEED_OF_POSTCOPY = 1;

    private final LibvirtConnection source;
    private final DomainRef domain;
    private final LibvirtConnection target;
    private final Optional<HeldCopy> held;
    private final PhaseLog phases;
    private final CompletableFuture<Domain> result = new CompletableFuture<>();
    private final AtomicReference<@Nullable JobStats> completed = new AtomicReference<>();
    private final AtomicReference<@Nullable CompletableFuture<Void>> abort = new AtomicReference<>();

    private LibvirtMigration(
            LibvirtConnection source,
            DomainRef domain,
            LibvirtConnection target,
            Optional<HeldCopy> held,
            MigrationPhase first) {
        this.source = source;
        this.domain = domain;
        this.target = target;
        this.held = held;
        this.phases = new PhaseLog(first);
    }

    static LibvirtMigration peerToPeer(
            LibvirtConnection source, DomainRef domain, LibvirtConnection target, PeerToPeer call) {
        var migration = new LibvirtMigration(source, domain, target, Optional.empty(), MigrationPhase.PERFORM);
        Subscription figures = source.subscribe(migration::hear);
        source.calls()
                .domainMigratePerform3Params(
                        domain, call.destination(), call.params(), new byte[0], MigrateFlag.mask(call.flags()))
                .whenComplete((cookie, error) -> {
                    figures.close();
                    migration.ended(error);
                });
        return migration;
    }

    /**
     * @param driving a connection to the source for its steps alone, which ends with {@code source}
     * @param held how the copy outlives this process from the switch to post-copy on, where it does
     */
    static LibvirtMigration managed(
            LibvirtConnection source,
            LibvirtConnection driving,
            DomainRef domain,
            LibvirtConnection target,
            Optional<HeldCopy> held,
            ManagedCall call) {
        var migration = new LibvirtMigration(source, domain, target, held, MigrationPhase.BEGIN);
        Subscription figures = driving.subscribe(migration::hear);
        Subscription client = source.subscribe(event -> {
            if (event instanceof HypervisorEvent.ConnectionClosed) {
                driving.close();
            }
        });
        new ManagedMigration(driving, target, domain, call, held, migration.phases)
                .run()
                .whenComplete((none, error) -> {
                    figures.close();
                    client.close();
                    migration.ended(error);
                });
        return migration;
    }

    /** Follows one that somebody else started. */
    static LibvirtMigration adopt(LibvirtConnection source, DomainRef domain, LibvirtConnection target) {
        var migration = new LibvirtMigration(source, domain, target, Optional.empty(), MigrationPhase.PERFORM);
        Subscription figures = source.subscribe(migration::hear);
        migration.result.whenComplete((arrived, error) -> figures.close());
        migration.look();
        return migration;
    }

    private void look() {
        source.calls().domainGetJobStats(domain, 0).whenComplete((reply, error) -> {
            if (error != null || !JobStatsReader.isOutgoing(reply)) {
                ended(null);
            } else if (source.guard().mayBeLeftBehind(reply)) {
                target.calls().domainLookupByUuid(domain.uuid()).whenComplete((there, none) -> lookOn(none));
            } else {
                source.status(domain).whenComplete((status, unknown) -> lookOn(status, unknown));
            }
        });
    }

    // the job of a post-copy that broke off stays for its recovery
    private void lookOn(DomainStatus status, @Nullable Throwable unknown) {
        if (unknown == null && status.isBrokenPostCopy()) {
            ended(new HypervisorException(
                    FailureCode.OPERATION_FAILED, "the migration of '" + domain.name() + "' broke off in post-copy"));
        } else {
            lookLater();
        }
    }

    private void lookOn(@Nullable Throwable lookup) {
        boolean absent = lookup != null && Waiting.unwrapped(lookup).failure().code() == FailureCode.NO_DOMAIN;
        if (absent) {
            ended(source.stuck(domain, target));
        } else {
            lookLater();
        }
    }

    private void lookLater() {
        CompletableFuture.delayedExecutor(ADOPTED_LOOK.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(this::look);
    }

    private void hear(HypervisorEvent event) {
        if (event instanceof HypervisorEvent.JobCompleted job && job.domain().equals(domain.uuid())) {
            completed.set(job.stats());
        }
    }

    private void ended(@Nullable Throwable error) {
        HypervisorException failure = error == null ? null : Waiting.unwrapped(error);
        // the guest did move, only its definition was not kept
        if (failure != null && failure.failure().number() != PERSIST_FAILED) {
            failed(failure);
            return;
        }
        finalFigures().thenCompose(none -> target.arrived(domain.uuid())).whenComplete((arrived, lost) -> {
            phases.enter(MigrationPhase.ENDED);
            if (lost != null) {
                result.completeExceptionally(Waiting.unwrapped(lost));
            } else {
                result.complete(arrived);
            }
        });
    }

    // the event may have passed before this one was followed; the figures are where the domain is, or was defined
    private CompletableFuture<Void> finalFigures() {
        if (completed.get() != null) {
            return CompletableFuture.completedFuture(null);
        }
        return target.completedStats(domain.uuid())
                .thenCompose(there -> there.isPresent()
                        ? CompletableFuture.completedFuture(there)
                        : source.completedStats(domain.uuid()))
                .thenAccept(found -> found.ifPresent(completed::set));
    }

    /**
     * QEMU 7.2 answers four of ten aborts with a broken socket rather than with "cancelled", and libvirt then says 9 for
     * 78, or 1 when the destination's QEMU was heard first (measured): an abort that libvirt accepted is why the migration
     * ended.
     */
    private void failed(HypervisorException failure) {
        phases.enter(MigrationPhase.ENDED);
        CompletableFuture<Void> asked = abort.get();
        boolean vague = failure.failure().code() == FailureCode.OPERATION_FAILED
                || failure.failure().code() == FailureCode.HYPERVISOR_ERROR;
        if (asked == null || !vague || !failure.isAnswer()) {
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
    public MigrationPhase phase() {
        return phases.phase();
    }

    @Override
    public void onPhase(Consumer<MigrationPhase> listener) {
        phases.listen(listener);
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
        return source.calls()
                .domainGetJobStats(domain, 0)
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
        return asked(Verb.ABORT, () -> {
            CompletableFuture<Void> call = source.calls().domainAbortJob(domain);
            abort.set(call);
            return call.handle((none, error) -> error == null ? call : refusedAbort(Waiting.unwrapped(error)))
                    .thenCompose(answer -> answer);
        });
    }

    // libvirt only says that it cannot; an operator has to know that nothing is wrong and what will happen
    private CompletableFuture<Void> refusedAbort(HypervisorException why) {
        if (why.failure().code() != FailureCode.OPERATION_INVALID) {
            return CompletableFuture.failedFuture(why);
        }
        return source.status(domain)
                .handle((status, unknown) -> unknown == null && status.isPostCopy()
                        ? new HypervisorException(
                                FailureCode.OPERATION_INVALID,
                                "'" + domain.name()
                                        + "' is in post-copy, which cannot be aborted: neither host has all "
                                        + "of it; wait for its end",
                                why)
                        : why)
                .thenCompose(CompletableFuture::failedFuture);
    }

    @Override
    public CompletionStage<Void> setMaxSpeed(long mebibytesPerSecond) {
        return asked(Verb.SET_MAX_SPEED, () -> source.calls()
                .domainMigrateSetMaxSpeed(domain, VerbArguments.speed(mebibytesPerSecond), 0));
    }

    @Override
    public CompletionStage<Long> maxSpeed() {
        return asked(Verb.SET_MAX_SPEED, () -> source.calls().domainMigrateGetMaxSpeed(domain, 0));
    }

    @Override
    public CompletionStage<Void> setMaxPostCopySpeed(long mebibytesPerSecond) {
        return asked(Verb.START_POST_COPY, () -> source.calls()
                .domainMigrateSetMaxSpeed(domain, mebibytesPerSecond, SPEED_OF_POSTCOPY));
    }

    @Override
    public CompletionStage<Void> setMaxDowntime(Duration downtime) {
        return asked(Verb.SET_MAX_DOWNTIME, () -> source.calls()
                .domainMigrateSetMaxDowntime(
                        domain, VerbArguments.downtime(downtime).toMillis()));
    }

    // what is missing or wrong is told as an answer, not thrown
    private <T> CompletionStage<T> asked(Verb verb, Supplier<CompletionStage<T>> call) {
        try {
            source.migrationSupport().require(verb);
            return call.get();
        } catch (HypervisorException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletionStage<Duration> maxDowntime() {
        return asked(
                Verb.SET_MAX_DOWNTIME,
                () -> source.calls().domainMigrateGetMaxDowntime(domain).thenApply(Duration::ofMillis));
    }

    @Override
    public boolean isHeldInPostCopy() {
        return held.filter(copy -> copy.connection().isOpen()).isPresent();
    }

    @Override
    public CompletionStage<Void> startPostCopy() {
        return asked(Verb.START_POST_COPY, () -> {
            boolean taken = held.map(HeldCopy::take).orElse(false);
            return source.calls().domainMigrateStartPostCopy(domain).whenComplete((none, error) -> {
                // without an answer it may have switched, and so it has when it was asked for before
                if (taken && error != null && Waiting.unwrapped(error).isAnswer()) {
                    held.ifPresent(HeldCopy::letGo);
                }
            });
        });
    }

    @Override
    public CompletionStage<Void> pausePostCopy() {
        return asked(Verb.POST_COPY_RECOVERY, () -> source.calls().domainAbortJobFlags(domain, ABORT_POSTCOPY));
    }

    @Override
    public CompletionStage<Long> compressionCache() {
        return asked(Verb.COMPRESSION_CACHE, () -> source.calls().domainMigrateGetCompressionCache(domain));
    }

    @Override
    public CompletionStage<Void> setCompressionCache(long bytes) {
        return asked(Verb.COMPRESSION_CACHE, () -> source.calls().domainMigrateSetCompressionCache(domain, bytes));
    }
}
