package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.MigrationBegun;
import dev.drover.driver.libvirt.remote.MigrationPrepared;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.HypervisorConnection.Subscription;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationPhase;
import dev.drover.hypervisor.PhaseLog;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.StringValue;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The five steps of a migration that this client drives, one after the other: each ends before the next begins, on the
 * connections' I/O threads. A step that fails decides what is left to do:
 *
 * <ul>
 *   <li>Begin: nothing has happened;
 *   <li>Prepare: the source is told that it is cancelled (Confirm);
 *   <li>Perform: the source has called it off itself, the destination is told to give its copy up (Finish); Xen's source has
 *       not when it could not connect (then it is told), nor when its client is lost (then both copies are left);
 *   <li>Finish, with an answer: the domain does not run there, and the source goes on with it (Confirm, cancelled);
 *   <li>Finish, without an answer: it may run there. libvirt's own client makes the source go on all the same and may so
 *       double the guest; here the source keeps standing still, and both hosts are asked later.
 * </ul>
 *
 * The source's side goes over a connection of its own: closing that is the only way to end the source's job without
 * letting either copy run. The destination's copy is held where it may go over to post-copy: after the switch nothing is
 * given up by this class, whatever fails.
 */
final class ManagedMigration {

    private static final System.Logger LOG = System.getLogger(ManagedMigration.class.getName());

    private static final byte[] NO_COOKIE = {};
    private static final Duration ABORT_AGAIN = Duration.ofSeconds(1);
    private static final int FROM_QEMU = 10;
    private static final int MIGRATE_FINISH_OK = 93;
    private static final int PERSIST_FAILED = 69;

    private final LibvirtConnection source;
    private final LibvirtConnection destination;
    private final DomainRef domain;
    private final Optional<HeldCopy> held;
    private final PhaseLog phases;
    private final AtomicReference<@Nullable Failure> lost = new AtomicReference<>();
    // handed from step to step
    private volatile MigrateParams params;
    private volatile long flags;
    private volatile long protection;

    /**
     * @param source a connection of its own, closed at the end
     * @param held the destination's copy with its connection, closed at the end, where it is held after a switch to post-copy
     */
    ManagedMigration(
            LibvirtConnection source,
            LibvirtConnection destination,
            DomainRef domain,
            ManagedCall call,
            Optional<HeldCopy> held,
            PhaseLog phases) {
        this.source = source;
        this.destination = destination;
        this.domain = domain;
        this.held = held;
        this.phases = phases;
        this.params = call.params();
        this.flags = MigrateFlag.mask(call.flags());
    }

    /** Takes all the steps; completes when nothing more will be done. */
    CompletableFuture<Void> run() {
        Subscription watch = destination.subscribe(event -> {
            if (event instanceof HypervisorEvent.ConnectionClosed closed) {
                lost.set(closed.cause().orElse(Failure.of(FailureCode.RPC_ERROR, "it was closed")));
                endPrepare();
                endCopy();
            }
        });
        return source.protectsFromChanges()
                .thenCompose(protects -> {
                    protection = protects ? bit(MigrateFlag.CHANGE_PROTECTION) : 0;
                    return source.calls().domainMigrateBegin3Params(domain, params, flags | protection);
                })
                .thenCompose(this::prepare)
                .whenComplete((none, error) -> {
                    watch.close();
                    source.close();
                    held.map(HeldCopy::connection).ifPresent(LibvirtConnection::close);
                });
    }

    private CompletableFuture<Void> prepare(MigrationBegun begun) {
        return source.isPaused(domain).thenCompose(paused -> {
            // a guest that its user has stopped stays so; a broken post-copy stands still for other reasons
            if (paused && !has(MigrateFlag.POSTCOPY_RESUME)) {
                flags |= bit(MigrateFlag.PAUSED);
            }
            replace(MigrateParam.DESTINATION_XML, begun.xml());
            phases.enter(MigrationPhase.PREPARE);
            if (!destination.isOpen()) {
                return callOffUnlessUnprotected(destinationLost());
            }
            LibvirtConnection maker = held.map(HeldCopy::connection).orElse(destination);
            return next(
                    maker.calls().domainMigratePrepare3Params(params, begun.cookie(), destinationFlags()),
                    this::perform,
                    this::callOffUnlessUnprotected);
        });
    }

    // without protection QEMU's Begin has started no job that Confirm could end; Xen's has, and libvirt's own client
    // leaves
    // it there
    private CompletableFuture<Void> callOffUnlessUnprotected(HypervisorException why) {
        boolean begun = protection != 0 || source.guard().beginStartsJob();
        return begun ? callOff(why) : CompletableFuture.failedFuture(why);
    }

    private CompletableFuture<Void> perform(MigrationPrepared prepared) {
        prepared.uri().ifPresent(uri -> replace(MigrateParam.MIGRATE_URI, uri));
        if (has(MigrateFlag.OFFLINE)) {
            return finish(NO_COOKIE);
        }
        if (params.string(MigrateParam.MIGRATE_URI).isEmpty()) {
            return giveUp(
                    new HypervisorException(
                            FailureCode.HYPERVISOR_ERROR,
                            destination.uri() + " does not say where it waits for the data; give a hostname"),
                    () -> CompletableFuture.completedFuture(true));
        }
        phases.enter(MigrationPhase.PERFORM);
        if (!destination.isOpen()) {
            return callOff(destinationLost());
        }
        return next(
                source.calls().domainMigratePerform3Params(domain, null, params, prepared.cookie(), flags | protection),
                cookie -> takenIfSwitched().thenCompose(none -> finish(cookie)),
                this::notPerformed);
    }

    // somebody else may have switched it; that it cannot be held is no reason not to go on
    private CompletableFuture<Void> takenIfSwitched() {
        if (held.isEmpty() || held.get().isTaken()) {
            return CompletableFuture.completedFuture(null);
        }
        return source.status(domain)
                .thenAccept(status -> {
                    if (status.isPostCopy()) {
                        held.get().take();
                    }
                })
                .exceptionally(notHeld -> {
                    LOG.log(Level.WARNING, "'" + domain.name() + "' goes on without being held", notHeld);
                    return null;
                });
    }

    // whoever settles it afterwards tries again
    private void letGo(HeldCopy copy) {
        try {
            copy.letGo();
        } catch (HypervisorException e) {
            LOG.log(Level.WARNING, e.failure().message(), e);
        }
    }

    private CompletableFuture<Void> notPerformed(HypervisorException why) {
        return unlessSwitched(why, () -> giveUpCopy(why));
    }

    /** Does that, if the source has not gone over to post-copy: then nothing may be given up. */
    private CompletableFuture<Void> unlessSwitched(
            HypervisorException why, Supplier<CompletableFuture<Void>> otherwise) {
        if (held.filter(HeldCopy::isTaken).isEmpty()) {
            return otherwise.get();
        }
        return source.status(domain)
                .handle((status, unknown) -> unknown == null && !status.isPostCopy())
                .thenCompose(whole -> {
                    if (whole) {
                        held.ifPresent(this::letGo);
                        return otherwise.get();
                    }
                    return CompletableFuture.failedFuture(new HypervisorException(
                            FailureCode.OUTCOME_UNKNOWN,
                            "the migration of '" + domain.name() + "' to " + destination.uri()
                                    + " broke off at its switch to post-copy: "
                                    + why.failure().message()
                                    + ". Its copy there is held; destroy or resume neither",
                            why));
                });
    }

    private CompletableFuture<Void> giveUpCopy(HypervisorException why) {
        boolean begun = source.guard().beginStartsJob();
        if (begun && !why.isAnswer() && destination.isOpen()) {
            return leaveBoth(why);
        }
        return giveUp(
                lost.get() == null ? why : destinationLost(),
                () -> begun && why.isAnswer() ? isJobLeft() : CompletableFuture.completedFuture(false));
    }

    // Xen's source keeps the job when it could not even connect; its guest has not stopped then
    private CompletableFuture<Boolean> isJobLeft() {
        return source.calls()
                .domainGetJobStats(domain, 0)
                .handle((job, error) -> error == null && JobStatsReader.isActive(job));
    }

    // QEMU's source calls it off when its client is gone; Xen's goes on, and stops the guest at the end
    private CompletableFuture<Void> leaveBoth(HypervisorException why) {
        return CompletableFuture.failedFuture(new HypervisorException(
                FailureCode.OUTCOME_UNKNOWN,
                "the connection to " + source.uri() + " was lost while '" + domain.name() + "' was sent to "
                        + destination.uri() + ": " + why.failure().message()
                        + ". Xen sends it to the end, where it stands still on both hosts: then restart libvirtd on both, "
                        + "resume it on " + destination.uri() + " and destroy it on " + source.uri(),
                why));
    }

    // the connection that has the copy made does not notice by itself that nobody answers
    private void endPrepare() {
        if (phases.phase().compareTo(MigrationPhase.PREPARE) <= 0) {
            held.map(HeldCopy::connection).ifPresent(LibvirtConnection::close);
        }
    }

    // a source that sends to nobody would hold its caller until the kernel gives up, minutes later
    private void endCopy() {
        if (phases.phase() != MigrationPhase.PERFORM || !source.isOpen()) {
            return;
        }
        source.calls().domainAbortJob(domain).whenComplete((none, refused) -> CompletableFuture.delayedExecutor(
                        ABORT_AGAIN.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(this::endCopy));
    }

    // the domain goes on on the source, so the destination's copy must go
    private CompletableFuture<Void> giveUp(HypervisorException why, Supplier<CompletableFuture<Boolean>> sourceWaits) {
        phases.enter(MigrationPhase.FINISH);
        return destination
                .calls()
                .domainMigrateFinish3Params(named(), NO_COOKIE, destinationFlags(), true)
                .handle((cookie, error) -> error == null ? why : moreTelling(why, Waiting.unwrapped(error)))
                .thenCompose(told -> sourceWaits
                        .get()
                        .thenCompose(waits -> waits ? callOff(told) : CompletableFuture.failedFuture(told)));
    }

    // "operation failed" is all that the source knows when the destination's QEMU has died
    private static HypervisorException moreTelling(HypervisorException why, HypervisorException there) {
        boolean vague = why.failure().code() == FailureCode.OPERATION_FAILED && why.domain() == FROM_QEMU;
        boolean reason = there.domain() == FROM_QEMU && there.failure().number() != MIGRATE_FINISH_OK;
        return vague && reason ? there : why;
    }

    private CompletableFuture<Void> finish(byte[] cookie) {
        if (!destination.isOpen()) {
            // never asked to run, it never does: the daemon there gives up what an absent client prepared
            return unlessSwitched(destinationLost(), () -> callOff(destinationLost()));
        }
        phases.enter(MigrationPhase.FINISH);
        return next(
                destination.calls().domainMigrateFinish3Params(named(), cookie, destinationFlags(), false),
                this::confirm,
                why -> saysThatItDoesNotRun(why) ? callOff(why) : leaveOpen(why));
    }

    private static boolean saysThatItDoesNotRun(HypervisorException why) {
        return why.isAnswer() && why.failure().number() != PERSIST_FAILED;
    }

    private CompletableFuture<Void> leaveOpen(HypervisorException why) {
        source.close();
        return CompletableFuture.failedFuture(new HypervisorException(
                FailureCode.OUTCOME_UNKNOWN,
                "'" + domain.name() + "' was sent to " + destination.uri()
                        + ", and whether it runs there is not known: "
                        + why.failure().message()
                        + ". It stands still on " + source.uri() + "; "
                        + (has(MigrateFlag.POSTCOPY)
                                ? "destroy or resume neither copy before both hosts say plainly which one is whole"
                                : "resume it there only when the other host is seen not to have it"),
                why));
    }

    private CompletableFuture<Void> confirm(byte[] cookie) {
        held.ifPresent(this::letGo);
        phases.enter(MigrationPhase.CONFIRM);
        return next(
                source.calls().domainMigrateConfirm3Params(domain, params, cookie, flags | protection, false),
                CompletableFuture::completedFuture,
                why -> CompletableFuture.failedFuture(new HypervisorException(
                        FailureCode.OUTCOME_UNKNOWN,
                        "'" + domain.name() + "' runs on " + destination.uri() + ", but " + source.uri()
                                + " has not given its copy up: "
                                + why.failure().message() + ". Never resume it there",
                        why)));
    }

    // the domain goes on on the source
    private CompletableFuture<Void> callOff(HypervisorException why) {
        phases.enter(MigrationPhase.CONFIRM);
        return source.calls()
                .domainMigrateConfirm3Params(domain, params, NO_COOKIE, flags | protection, true)
                .handle((none, error) -> {
                    if (error != null) {
                        why.addSuppressed(error);
                    }
                    return why;
                })
                .thenCompose(CompletableFuture::failedFuture);
    }

    private static <T> CompletableFuture<Void> next(
            CompletableFuture<T> step, Step<T> onSuccess, Step<HypervisorException> onFailure) {
        return step.handle((answer, error) ->
                        error == null ? onSuccess.take(answer) : onFailure.take(Waiting.unwrapped(error)))
                .thenCompose(then -> then);
    }

    @FunctionalInterface
    private interface Step<T> {
        CompletableFuture<Void> take(T answer);
    }

    private HypervisorException destinationLost() {
        return new HypervisorException(
                FailureCode.RPC_ERROR,
                destination.uri() + ": the connection was lost during the migration of '" + domain.name()
                        + "', which was called off"
                        + Optional.ofNullable(lost.get())
                                .map(why -> ": " + why.message())
                                .orElse(""));
    }

    // the destination finds the domain by its name there
    private MigrateParams named() {
        return params.string(MigrateParam.DESTINATION_NAME).isPresent()
                ? params
                : params.with(MigrateParam.DESTINATION_NAME, new StringValue(domain.name()));
    }

    private void replace(MigrateParam param, String value) {
        params = params.without(param).with(param, new StringValue(value));
    }

    private long destinationFlags() {
        return flags & ~(bit(MigrateFlag.ABORT_ON_ERROR) | bit(MigrateFlag.AUTO_CONVERGE));
    }

    private boolean has(MigrateFlag flag) {
        return (flags & bit(flag)) != 0;
    }

    private static long bit(MigrateFlag flag) {
        return 1L << flag.bit();
    }
}
