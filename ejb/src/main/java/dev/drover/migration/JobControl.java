package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrationLimit;
import dev.drover.ownership.LeaseLapsed;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is asked of a migration while it is under way; each wish is in the journal before the hypervisor hears of it. */
final class JobControl {

    private final MigrationContext context;
    private final RunRecord record;
    private volatile @Nullable MigrationJob job;
    private volatile @Nullable Failure givenUp;
    private volatile boolean abortWanted;
    private volatile boolean handedOver;
    private volatile @Nullable MigrationSupport support;
    private volatile boolean begun;

    JobControl(MigrationContext context, RunRecord record) {
        this.context = context;
        this.record = record;
    }

    /**
     * The call is next. Where nothing aborts, a wish to abort is refused from now on.
     *
     * @return false when it was called off before: then there must be no call
     */
    synchronized boolean begins(MigrationSupport itsSupport) {
        if (abortWanted) {
            return false;
        }
        support = itsSupport;
        begun = true;
        return true;
    }

    /** From now on wishes go to that job; one to abort that came before goes there at once, but never in post-copy. */
    void follow(MigrationJob started, MigrationSupport itsSupport) {
        support = itsSupport;
        begun = true;
        job = started;
        if (abortWanted && !record.position().postCopy()) {
            started.abort();
        }
    }

    /** There is no job any more. */
    void ended() {
        job = null;
        begun = false;
    }

    boolean isAbortWanted() {
        return abortWanted;
    }

    /** Why Drover itself aborted it, if it did. */
    Optional<Failure> givenUp() {
        return Optional.ofNullable(givenUp);
    }

    /** @throws FailureException when the hypervisor cannot abort, or it is too late */
    void abort(Actor by) {
        refuseWhereNothingAborts();
        refuseInPostCopy();
        record.note(MigrationStep.ABORT, by, "");
        // it may have begun meanwhile
        synchronized (this) {
            refuseWhereNothingAborts();
            abortWanted = true;
        }
        MigrationJob running = job;
        if (running == null) {
            return;
        }
        try {
            await(running.abort());
        } catch (FailureException e) {
            abortWanted = false;
            throw e;
        }
    }

    // while there is a job, its hypervisor knows better whether the switch has come
    private void refuseInPostCopy() {
        Migration migration = record.migration();
        if (job == null && migration.state() == MigrationState.RUNNING && migration.hasAskedForPostCopy()) {
            throw new FailureException(
                    FailureCode.OPERATION_INVALID,
                    "'" + migration.domainName()
                            + "' is in post-copy, which cannot be aborted: neither host has all of it; wait for its end");
        }
    }

    // a wish taken now and refused by the hypervisor in a moment would be believed
    private void refuseWhereNothingAborts() {
        MigrationSupport known = support;
        Migration migration = record.migration();
        if (begun && known != null && nothingAborts()) {
            throw new FailureException(
                    FailureCode.NO_SUPPORT,
                    known.hypervisor() + " cannot abort a migration that has begun: '" + migration.domainName()
                            + "' goes on running on " + migration.route().source()
                            + " until it has moved; wait for the end");
        }
    }

    private boolean nothingAborts() {
        MigrationSupport known = support;
        return known != null && known.limits().contains(MigrationLimit.NO_ABORT);
    }

    /** Aborts it for taking too long; it may get another turn. Where nothing aborts, tells of it. */
    void giveUp(Failure why) {
        MigrationJob running = job;
        if (givenUp != null || running == null) {
            return;
        }
        if (nothingAborts()) {
            context.listener().alert(record.migration(), why);
            return;
        }
        try {
            record.note(MigrationStep.ABORT, Actor.drover(), why.message());
            context.ownership().require();
        } catch (JournalUnavailable | LeaseLapsed e) {
            // it is asked again at the next look
            return;
        }
        givenUp = why;
        running.abort().whenComplete((done, error) -> {
            if (error != null) {
                givenUp = null;
                context.listener().alert(record.migration(), FailureException.failureOf(error));
            }
        });
    }

    /** Aborts it because this server ends and it would not outlive that: it begins anew with the next one. */
    void handOver(Failure why) {
        handedOver = true;
        giveUp(why);
    }

    boolean isHandedOver() {
        return handedOver;
    }

    /**
     * Asks something of the migration while it is under way.
     *
     * @param step what it is, for the audit trail
     * @throws FailureException when it is not under way, or the hypervisor refuses
     */
    void ask(MigrationStep step, Actor by, String detail, Function<MigrationJob, CompletionStage<Void>> verb) {
        MigrationJob running = job;
        if (running == null) {
            throw notUnderWay(record.migration());
        }
        record.note(step, by, detail);
        context.ownership().require();
        await(verb.apply(running));
    }

    /** {@link #ask} for the switch to post-copy. */
    void startPostCopy(Actor by) {
        MigrationJob running = job;
        if (running == null) {
            throw notUnderWay(record.migration());
        }
        PostCopyRule.check(record.migration(), running);
        record.note(MigrationStep.START_POST_COPY, by, "");
        ConvergencePosition at = record.position();
        await(startPostCopy(running, at.afterSwitch(context.now(), at.rounds())));
    }

    /** Switches to post-copy. From the row's being written nothing aborts it, unless the hypervisor refuses the switch. */
    CompletionStage<Void> startPostCopy(MigrationJob running, ConvergencePosition next) {
        ConvergencePosition before = record.position();
        if (!record.advance(MigrationStep.START_POST_COPY, next, "next")) {
            return CompletableFuture.failedFuture(new FailureException(
                    FailureCode.JOURNAL_UNAVAILABLE, "the journal did not take the switch to post-copy; ask again"));
        }
        return running.startPostCopy().whenComplete((done, error) -> {
            // without an answer it may have switched, and recovery must reckon with that
            if (error != null && !isWithoutAnswer(FailureException.failureOf(error))) {
                String why = "refused: " + FailureException.failureOf(error).message();
                context.executor().execute(() -> record.advance(MigrationStep.START_POST_COPY, before, why));
            }
        });
    }

    private static boolean isWithoutAnswer(Failure why) {
        return why.code() == FailureCode.RPC_ERROR || why.code() == FailureCode.AGENT_UNRESPONSIVE;
    }

    private static void await(CompletionStage<Void> answer) {
        try {
            answer.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new FailureException(FailureException.failureOf(e), e);
        }
    }

    static FailureException notUnderWay(Migration migration) {
        return new FailureException(
                FailureCode.OPERATION_INVALID,
                "migration: " + migration.id() + " of '" + migration.domainName() + "' is " + migration.state()
                        + " and copies nothing now; ask while it runs");
    }
}
