package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.ownership.LeaseLapsed;
import dev.drover.ownership.LeaseLost;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One migration from its turn to its end. Whatever the call says, the end is what both hosts say afterwards: it is
 * journalled only when they have been asked, and as long as one of them does not answer the migration stays RUNNING and
 * is looked at again. A run that is dropped touches nothing any more; what it started goes on.
 */
final class MigrationRun {

    private static final int TIDY_LOOKS = 3;

    /** What its end means to those who wait for their turn. */
    interface Turn {

        void ended(MigrationState before, Migration migration);

        /** It has not moved and waits for another turn, from the end of the queue, after {@code wait}. */
        void again(MigrationState before, Migration migration, Duration wait);

        /** It is another server's. */
        void lost(Migration migration);
    }

    private final MigrationContext context;
    private final RunRecord record;
    private final JobControl control;
    private final BothEnds ends;
    private final Recovery recovery;
    private final Turn turn;
    private final int tries;
    private volatile JobStats stats = JobStats.none();
    private volatile @Nullable Follower follower;
    private Optional<Reconcile.Finding> finding = Optional.empty();
    private Duration nextLook;

    /** @param tries how often it had its turn before, begun or not */
    MigrationRun(MigrationContext context, Migration migration, Turn turn, int tries) {
        this.context = context;
        this.record = new RunRecord(context, migration, this::lost);
        this.control = new JobControl(context, record);
        this.ends = new BothEnds(context.pool(), migration);
        this.recovery = new Recovery(context, record, ends);
        this.turn = turn;
        this.tries = tries;
        this.nextLook = context.config().firstLook();
    }

    Migration migration() {
        return record.migration();
    }

    JobStats stats() {
        return stats;
    }

    JobControl control() {
        return control;
    }

    /** Whether it would end with this server: nobody but this client drives it. */
    boolean diesWithClient() {
        Attempt attempt = migration().attempt();
        return migration().state() == MigrationState.RUNNING
                && attempt != null
                && attempt.mode() == MigrationMode.MANAGED;
    }

    /** Its turn has come. Blocks until the call is under way. */
    void begin() {
        try {
            context.ownership().require();
            HypervisorConnection from = ends.source();
            HypervisorConnection to = ends.destination();
            Domain domain = from.findDomain(migration().domain())
                    .orElseThrow(() -> new FailureException(
                            FailureCode.NO_DOMAIN,
                            "domain '" + migration().domainName() + "' is no longer on "
                                    + migration().route().source()));
            if (control.isAbortWanted()) {
                conclude(MigrationStep.CANCEL, Failure.of(FailureCode.ABORTED, "called off before it had started"));
                return;
            }
            MigrateArguments arguments = migration().arguments();
            MigrationMode mode =
                    Optional.ofNullable(arguments.mode()).orElseGet(() -> from.mode(to, arguments.flags()));
            // on disk before the hypervisor hears of it
            if (!record.begin(mode, domain.status())) {
                ends.release();
                turn.ended(MigrationState.PLANNED, migration());
                return;
            }
            context.listener().changed(MigrationState.PLANNED, migration());
            start(from, to, mode);
        } catch (LeaseLost e) {
            lost();
        } catch (JournalUnavailable | LeaseLapsed e) {
            // nothing has been asked of the hypervisor: it may wait
            context.listener().alert(migration(), e.failure());
            postpone();
        } catch (RuntimeException e) {
            notBegun(FailureException.failureOf(e));
        }
    }

    private void notBegun(Failure why) {
        if (!control.isAbortWanted() && context.config().limits().triesAgain(migration(), why, tries + 1)) {
            context.listener().alert(migration(), why);
            postpone();
        } else {
            conclude(MigrationStep.FAIL, why);
        }
    }

    private void postpone() {
        ends.release();
        turn.again(migration().state(), migration(), context.config().limits().retryAfter());
    }

    private void start(HypervisorConnection from, HypervisorConnection to, MigrationMode mode) {
        MigrateArguments arguments = migration().arguments();
        MigrationJob started;
        try {
            context.ownership().require();
            started = from.startMigration(
                    migration().domain(),
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
        record.close();
        control.ended();
        endFollower();
        ends.release();
    }

    private void lost() {
        drop();
        turn.lost(migration());
    }

    private void follow(MigrationJob started, HypervisorConnection source) {
        if (record.isClosed()) {
            return;
        }
        control.follow(started, source.migrationSupport());
        Follower watching = new Follower(context, record, control, started, source, this::progressed);
        follower = watching;
        watching.start();
        started.result().whenComplete((domain, error) -> context.executor().execute(() -> {
            control.ended();
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

    private void progressed(JobStats now) {
        stats = now;
        context.listener().progressed(migration(), now);
    }

    // both hosts decide what happened; the call's own word is only the reason that is told
    private void settle(Optional<Failure> callFailure) {
        if (record.isClosed()) {
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
        var said = Reconcile.Finding.of(finding, Reconcile.look(migration().endsPaused(), seen), uptime);
        finding = Optional.of(said);
        switch (Reconcile.decide(said, uptime, context.config().keepalive())) {
            case ADOPT -> adopt(sight);
            case MOVED -> complete(seen.destination(), tidied(said, seen, callFailure));
            case NOT_MOVED -> stayed(callFailure);
            case FINISH_MOVE -> {
                recovery.finishMove();
                settle(callFailure);
            }
            case RESUME_SOURCE -> {
                recovery.resumeSource();
                settle(callFailure);
            }
            case WAIT -> lookAgain(callFailure, Unclear.settling(migration(), said));
            case BOTH_STAND -> lookAgain(callFailure, Optional.of(Unclear.bothStand(migration())));
            case POST_COPY -> lookAgain(callFailure, Optional.of(Unclear.postCopy(migration())));
            case BOTH_RUNNING -> callForHelp(Unclear.bothRun(migration()));
            case LOST -> callForHelp(Unclear.lost(migration(), callFailure));
        }
    }

    private void adopt(BothEnds.Sight sight) {
        record.note(MigrationStep.ADOPT, Actor.drover(), "found under way");
        nextLook = context.config().firstLook();
        finding = Optional.empty();
        sight.seen()
                .source()
                .filter(domain -> domain.status().isPausedByUser())
                .ifPresent(domain -> record.suspendedByUser(true));
        follow(sight.job().orElseThrow(), ends.source());
    }

    private void stayed(Optional<Failure> callFailure) {
        Optional<Failure> why = control.givenUp().or(() -> callFailure);
        if (control.isAbortWanted()) {
            conclude(MigrationStep.CANCEL, why.orElse(Failure.of(FailureCode.ABORTED, "called off")));
        } else if (why.isPresent() && !context.config().limits().triesAgain(migration(), why.get(), tries + 1)) {
            conclude(MigrationStep.FAIL, why.get());
        } else {
            // nobody saw it fail, since the server died before the call or while it failed; or it may try once more
            replan(why);
        }
    }

    private void replan(Optional<Failure> why) {
        Duration wait = why.isPresent() ? context.config().limits().retryAfter() : Duration.ZERO;
        MigrationState before = migration().state();
        ends.release();
        record.conclude(
                migration().replanned(),
                MigrationStep.REPLAN,
                why.map(Failure::message).orElse("it had not moved"),
                written -> {
                    if (written.state().isFinal()) {
                        turn.ended(before, written);
                    } else {
                        turn.again(before, written, wait);
                    }
                });
    }

    private void callForHelp(Failure why) {
        context.listener().alert(migration(), why);
        conclude(MigrationStep.FAIL, why);
    }

    // the guest did move: what is still owed is tried some times, then told, and never undoes that
    private @Nullable Failure tidied(Reconcile.Finding said, Observation seen, Optional<Failure> callFailure) {
        try {
            recovery.tidy(seen);
            return callFailure
                    .filter(failure -> failure.code() == FailureCode.PERSIST_FAILED)
                    .orElse(null);
        } catch (JournalUnavailable | LeaseLapsed | LeaseLost e) {
            throw e;
        } catch (FailureException e) {
            if (said.looks() < TIDY_LOOKS) {
                throw e;
            }
            context.listener().alert(migration(), e.failure());
            return e.failure();
        }
    }

    private void complete(Optional<Domain> arrived, @Nullable Failure warning) {
        String name = arrived.map(Domain::name).orElse(migration().domainName());
        end(
                migration()
                        .completed(
                                context.now(),
                                stats.dataProcessed(),
                                stats.downtime().toMillis(),
                                name,
                                warning),
                MigrationStep.COMPLETE,
                warning == null ? "" : warning.message());
    }

    private void conclude(MigrationStep step, Failure why) {
        Migration concluded = step == MigrationStep.CANCEL
                ? migration().cancelled(context.now(), why, stats.dataProcessed())
                : migration().failed(context.now(), why, stats.dataProcessed());
        end(concluded, step, why.message());
    }

    private void end(Migration concluded, MigrationStep step, String detail) {
        MigrationState before = migration().state();
        ends.release();
        record.conclude(concluded, step, detail, written -> turn.ended(before, written));
    }

    private void lookAgain(Optional<Failure> callFailure, Optional<Failure> why) {
        why.ifPresent(failure -> context.listener().alert(migration(), failure));
        Duration wait = nextLook;
        nextLook = context.config().longer(wait);
        context.timers().after(wait, () -> context.executor().execute(() -> settle(callFailure)));
    }
}
