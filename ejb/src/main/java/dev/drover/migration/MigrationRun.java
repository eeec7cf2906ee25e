package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.ownership.LeaseLapsed;
import dev.drover.ownership.LeaseLost;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One migration from its turn to its end. Whatever the call says, the end is what both hosts say afterwards: it is
 * journalled only when they have been asked, and as long as one of them does not answer the migration stays RUNNING and
 * is looked at again. A run that is dropped touches nothing any more; what it started goes on.
 */
final class MigrationRun {

    /** What its end means to those who wait for their turn. */
    interface Turn {

        void ended(MigrationState before, Migration migration);

        /** It has not moved and waits for another turn, from the end of the queue, after {@code wait}. */
        void again(MigrationState before, Migration migration, Duration wait);

        /** It is another server's. */
        void lost(Migration migration);
    }

    private static final int TIDY_LOOKS = 3;

    private final MigrationContext context;
    private final BothEnds ends;
    private final Recovery recovery;
    private final Outcomes outcomes;
    private final Turn turn;
    private final int tries;
    private volatile Migration migration;
    private volatile JobStats stats = JobStats.none();
    private volatile @Nullable MigrationJob job;
    private volatile @Nullable Follower follower;
    private volatile @Nullable Failure givenUp;
    private volatile boolean abortWanted;
    private volatile boolean dropped;
    private Optional<Reconcile.Finding> finding = Optional.empty();
    private Duration nextLook;

    /** @param tries how often it had its turn before, begun or not */
    MigrationRun(MigrationContext context, Migration migration, Turn turn, int tries) {
        this.context = context;
        this.migration = migration;
        this.ends = new BothEnds(context.pool(), migration);
        this.recovery = new Recovery(context, ends);
        this.outcomes = new Outcomes(context);
        this.turn = turn;
        this.tries = tries;
        this.nextLook = context.config().firstLook();
    }

    Migration migration() {
        return migration;
    }

    JobStats stats() {
        return stats;
    }

    /** Whether it would end with this server: nobody but this client drives it. */
    boolean diesWithClient() {
        Attempt attempt = migration.attempt();
        return migration.state() == MigrationState.RUNNING
                && attempt != null
                && attempt.mode() == MigrationMode.MANAGED;
    }

    /** Its turn has come. Blocks until the call is under way. */
    void begin() {
        try {
            context.ownership().require();
            HypervisorConnection from = ends.source();
            HypervisorConnection to = ends.destination();
            Domain domain = from.findDomain(migration.domain())
                    .orElseThrow(() -> new FailureException(
                            FailureCode.NO_DOMAIN,
                            "domain '" + migration.domainName() + "' is no longer on "
                                    + migration.route().source()));
            if (abortWanted) {
                conclude(MigrationStep.CANCEL, Failure.of(FailureCode.ABORTED, "called off before it had started"));
                return;
            }
            MigrateArguments arguments = migration.arguments();
            MigrationMode mode =
                    Optional.ofNullable(arguments.mode()).orElseGet(() -> from.mode(to, arguments.flags()));
            Migration begun = migration.begun(context.now(), mode, domain.status());
            // on disk before the hypervisor hears of it
            migration = context.journal()
                    .update(
                            begun,
                            begun.entry(
                                    MigrationStep.BEGIN,
                                    Actor.drover(),
                                    migration.state(),
                                    context.now(),
                                    mode.name()));
            if (migration.state() != MigrationState.RUNNING) {
                // somebody ended its record meanwhile
                ends.release();
                turn.ended(MigrationState.PLANNED, migration);
                return;
            }
            context.listener().changed(MigrationState.PLANNED, migration);
            start(from, to, mode);
        } catch (LeaseLost e) {
            lost();
        } catch (JournalUnavailable | LeaseLapsed e) {
            // nothing has been asked of the hypervisor: it may wait
            context.listener().alert(migration, e.failure());
            postpone();
        } catch (RuntimeException e) {
            notBegun(FailureException.failureOf(e));
        }
    }

    private void notBegun(Failure why) {
        if (!abortWanted && context.config().limits().triesAgain(migration, why, tries + 1)) {
            context.listener().alert(migration, why);
            postpone();
        } else {
            conclude(MigrationStep.FAIL, why);
        }
    }

    private void postpone() {
        ends.release();
        turn.again(migration.state(), migration, context.config().limits().retryAfter());
    }

    private void start(HypervisorConnection from, HypervisorConnection to, MigrationMode mode) {
        MigrateArguments arguments = migration.arguments();
        MigrationJob started;
        try {
            context.ownership().require();
            started = from.startMigration(
                    migration.domain(),
                    to,
                    arguments.flags(),
                    arguments.dname(),
                    arguments.hostname(),
                    arguments.params(),
                    mode);
        } catch (LeaseLapsed e) {
            // the row says that it runs, so it is found out that it does not
            settle(Optional.empty());
            return;
        } catch (RuntimeException e) {
            settle(Optional.of(FailureException.failureOf(e)));
            return;
        }
        follow(started, from);
    }

    /** Finds out what became of it in an earlier life of a server, and goes on from there. */
    void takeUp() {
        settle(Optional.empty());
    }

    /** Stops following it and touches nothing: what runs goes on, and whoever owns it finds out what became of it. */
    void drop() {
        dropped = true;
        job = null;
        endFollower();
        ends.release();
    }

    private void lost() {
        drop();
        turn.lost(migration);
    }

    private void follow(MigrationJob started, HypervisorConnection source) {
        if (dropped) {
            return;
        }
        job = started;
        Follower watching = new Follower(context, this, started, source);
        follower = watching;
        if (abortWanted) {
            started.abort();
        }
        watching.start();
        started.result().whenComplete((domain, error) -> context.executor().execute(() -> {
            job = null;
            endFollower();
            finalStats(started);
            settle(error == null ? Optional.empty() : Optional.of(FailureException.failureOf(error)));
        }));
    }

    private void endFollower() {
        Follower watching = follower;
        follower = null;
        if (watching != null) {
            watching.end();
        }
    }

    private void finalStats(MigrationJob started) {
        started.stats().whenComplete((last, error) -> {
            if (error == null && last.type() == JobStats.Type.COMPLETED) {
                stats = last;
            }
        });
    }

    void progressed(JobStats now) {
        stats = now;
        context.listener().progressed(migration, now);
    }

    ConvergencePosition position() {
        Attempt attempt = migration.attempt();
        return attempt == null ? ConvergencePosition.start(context.now()) : attempt.convergence();
    }

    boolean permitsPostCopy() {
        return migration.arguments().flags().contains(MigrateFlag.POSTCOPY);
    }

    /** Journals the next step of its convergence. @return false when the journal did not take it: then do not take it */
    boolean advance(MigrationStep step, ConvergencePosition next, String detail) {
        Attempt attempt = migration.attempt();
        return attempt != null && journalled(step, attempt.at(next), Actor.drover(), detail);
    }

    /** Switches to post-copy. From the row's being written nothing aborts it, unless the hypervisor refuses the switch. */
    CompletionStage<Void> startPostCopy(MigrationJob running, ConvergencePosition next) {
        ConvergencePosition before = position();
        if (!advance(MigrationStep.START_POST_COPY, next, "next")) {
            return CompletableFuture.failedFuture(new FailureException(
                    FailureCode.JOURNAL_UNAVAILABLE, "the journal did not take the switch to post-copy; ask again"));
        }
        return running.startPostCopy().whenComplete((done, error) -> context.executor()
                .execute(() -> advance(
                        MigrationStep.START_POST_COPY,
                        error == null ? next : before,
                        error == null
                                ? "done"
                                : "refused: "
                                        + FailureException.failureOf(error).message())));
    }

    /** Remembers its user's wish until the end, where it is honoured. */
    void suspendedByUser(boolean wish) {
        Attempt attempt = migration.attempt();
        if (attempt != null && migration.state() == MigrationState.RUNNING && attempt.suspended() != wish) {
            Attempt next = attempt.suspended(wish);
            if (!journalled(MigrationStep.SUSPENDED_BY_USER, next, Actor.drover(), wish ? "suspended" : "resumed")) {
                migration = migration.during(MigrationStep.SUSPENDED_BY_USER, next);
            }
        }
    }

    private synchronized boolean journalled(MigrationStep step, Attempt next, Actor by, String detail) {
        if (dropped || migration.state() != MigrationState.RUNNING) {
            return false;
        }
        try {
            Migration changed = migration.during(step, next);
            migration = context.journal()
                    .update(changed, changed.entry(step, by, migration.state(), context.now(), detail));
            return context.ownership().isValid();
        } catch (LeaseLost e) {
            lost();
            return false;
        } catch (JournalUnavailable e) {
            context.listener().alert(migration, e.failure());
            return false;
        }
    }

    /** Aborts it for taking too long; it may get another turn. */
    void giveUp(Failure why) {
        MigrationJob running = job;
        if (givenUp != null || running == null) {
            return;
        }
        try {
            note(MigrationStep.ABORT, Actor.drover(), why.message());
            context.ownership().require();
        } catch (LeaseLost e) {
            lost();
            return;
        } catch (JournalUnavailable | LeaseLapsed e) {
            return;
        }
        givenUp = why;
        running.abort().whenComplete((done, error) -> {
            if (error != null) {
                givenUp = null;
                context.listener().alert(migration, FailureException.failureOf(error));
            }
        });
    }

    /** @throws FailureException when the hypervisor cannot abort, or it is too late */
    void abort(Actor by) {
        note(MigrationStep.ABORT, by, "");
        abortWanted = true;
        MigrationJob running = job;
        if (running == null) {
            return;
        }
        try {
            running.abort().toCompletableFuture().join();
        } catch (CompletionException e) {
            abortWanted = false;
            throw new FailureException(FailureException.failureOf(e), e);
        }
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
            throw notUnderWay(migration);
        }
        note(step, by, detail);
        context.ownership().require();
        try {
            if (step == MigrationStep.START_POST_COPY) {
                startPostCopy(running, position().afterSwitch(context.now(), stats.iteration()))
                        .toCompletableFuture()
                        .join();
                return;
            }
            verb.apply(running).toCompletableFuture().join();
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

    private void note(MigrationStep step, Actor by, String detail) {
        context.journal().note(migration.entry(step, by, migration.state(), context.now(), detail));
    }

    // both hosts decide what happened; the call's own word is only the reason that is told
    private void settle(Optional<Failure> callFailure) {
        if (dropped) {
            return;
        }
        try {
            act(callFailure, ends.look());
        } catch (LeaseLost e) {
            lost();
        } catch (RuntimeException e) {
            // a connection that failed goes back, so that the next look gets one that works
            ends.release();
            lookAgain(callFailure, Optional.of(FailureException.failureOf(e)));
        }
    }

    private void act(Optional<Failure> callFailure, BothEnds.Sight sight) {
        Observation seen = sight.seen();
        Duration uptime = context.timers().uptime();
        var said = Reconcile.Finding.of(finding, Reconcile.look(migration.endsPaused(), seen), uptime);
        finding = Optional.of(said);
        switch (Reconcile.decide(said, uptime, context.config().keepalive())) {
            case ADOPT -> adopt(sight);
            case MOVED -> complete(seen.destination(), tidied(said, seen, callFailure));
            case NOT_MOVED -> stayed(callFailure);
            case FINISH_MOVE -> {
                recovery.finishMove(migration);
                settle(callFailure);
            }
            case RESUME_SOURCE -> {
                recovery.resumeSource(migration);
                settle(callFailure);
            }
            case WAIT -> lookAgain(callFailure, Unclear.settling(migration, said));
            case BOTH_STAND -> lookAgain(callFailure, Optional.of(Unclear.bothStand(migration)));
            case POST_COPY -> lookAgain(callFailure, Optional.of(Unclear.postCopy(migration)));
            case BOTH_RUNNING -> callForHelp(Unclear.bothRun(migration));
            case LOST -> callForHelp(Unclear.lost(migration, callFailure));
        }
    }

    private void adopt(BothEnds.Sight sight) {
        note(MigrationStep.ADOPT, Actor.drover(), "found under way");
        nextLook = context.config().firstLook();
        finding = Optional.empty();
        sight.seen()
                .source()
                .filter(domain -> domain.status().isPausedByUser())
                .ifPresent(domain -> suspendedByUser(true));
        follow(sight.job().orElseThrow(), ends.source());
    }

    private void stayed(Optional<Failure> callFailure) {
        Failure tooLong = givenUp;
        Optional<Failure> why = tooLong == null ? callFailure : Optional.of(tooLong);
        if (abortWanted) {
            conclude(MigrationStep.CANCEL, why.orElse(Failure.of(FailureCode.ABORTED, "called off")));
        } else if (why.isPresent() && !context.config().limits().triesAgain(migration, why.get(), tries + 1)) {
            conclude(MigrationStep.FAIL, why.get());
        } else {
            // nobody saw it fail, since the server died before the call or while it failed; or it may try once more
            replan(why);
        }
    }

    private void replan(Optional<Failure> why) {
        Migration again = migration.replanned();
        MigrationState before = migration.state();
        write(
                again,
                MigrationStep.REPLAN,
                why.map(Failure::message).orElse("it had not moved"),
                written -> turn.again(
                        before,
                        written,
                        why.isPresent() ? context.config().limits().retryAfter() : Duration.ZERO));
    }

    private void callForHelp(Failure why) {
        context.listener().alert(migration, why);
        conclude(MigrationStep.FAIL, why);
    }

    // the guest did move: what is still owed is tried some times, then told, and never undoes that
    private @Nullable Failure tidied(Reconcile.Finding said, Observation seen, Optional<Failure> callFailure) {
        try {
            recovery.tidy(migration, seen);
            return callFailure
                    .filter(failure -> failure.code() == FailureCode.PERSIST_FAILED)
                    .orElse(null);
        } catch (FailureException e) {
            if (said.looks() < TIDY_LOOKS) {
                throw e;
            }
            context.listener().alert(migration, e.failure());
            return e.failure();
        }
    }

    private void complete(Optional<Domain> arrived, @Nullable Failure warning) {
        String name = arrived.map(Domain::name).orElse(migration.domainName());
        Migration completed = migration.completed(
                context.now(), stats.dataProcessed(), stats.downtime().toMillis(), name, warning);
        MigrationState before = migration.state();
        write(completed, MigrationStep.COMPLETE, "", written -> turn.ended(before, written));
    }

    private void conclude(MigrationStep step, Failure why) {
        Migration concluded = step == MigrationStep.CANCEL
                ? migration.cancelled(context.now(), why, stats.dataProcessed())
                : migration.failed(context.now(), why, stats.dataProcessed());
        MigrationState before = migration.state();
        write(concluded, step, why.message(), written -> turn.ended(before, written));
    }

    private void write(Migration next, MigrationStep step, String detail, Consumer<Migration> then) {
        ends.release();
        MigrationState before = migration.state();
        var entry = next.entry(step, Actor.drover(), before, context.now(), detail);
        outcomes.write(
                migration,
                () -> written(next, entry),
                written -> {
                    if (!dropped && written.state() == next.state()) {
                        then.accept(written);
                    } else if (!dropped) {
                        // somebody ended its record meanwhile
                        turn.ended(before, written);
                    }
                },
                this::lost);
    }

    private synchronized Migration written(Migration next, AuditEntry entry) {
        migration = context.journal().update(next, entry);
        return migration;
    }

    private void lookAgain(Optional<Failure> callFailure, Optional<Failure> why) {
        why.ifPresent(failure -> context.listener().alert(migration, failure));
        Duration wait = nextLook;
        nextLook = context.config().longer(wait);
        context.timers().after(wait, () -> context.executor().execute(() -> settle(callFailure)));
    }
}
