package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.ownership.LeaseLapsed;
import dev.drover.ownership.LeaseLost;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out from both hosts what became of a migration and acts on it, again and again until it is plain. One look at a
 * time: the next is taken only after the one before has been acted upon.
 */
final class Settlement {

    private static final int TIDY_LOOKS = 3;

    /** The run that is being settled. */
    interface Run {

        /** It was found under way. */
        void follow(MigrationJob found, HypervisorConnection source);

        /** It stood still, and is to go on. */
        void goOn(MigrationJob recovered, HypervisorConnection source);

        /** It is another server's. */
        void lost();
    }

    private final MigrationContext context;
    private final RunRecord record;
    private final JobControl control;
    private final BothEnds ends;
    private final Recovery recovery;
    private final Ending ending;
    private final Run run;
    private Optional<Reconcile.Finding> finding = Optional.empty();
    private final Recoveries recoveries = new Recoveries();
    private Duration nextLook;

    Settlement(MigrationContext context, RunRecord record, JobControl control, BothEnds ends, Ending ending, Run run) {
        this.context = context;
        this.record = record;
        this.control = control;
        this.ends = ends;
        this.recovery = new Recovery(context, record, ends);
        this.ending = ending;
        this.run = run;
        this.nextLook = context.config().firstLook();
    }

    /**
     * Both hosts decide what happened.
     *
     * @param callFailure the call's own word, which is only the reason that is told
     */
    void settle(Optional<Failure> callFailure) {
        if (record.isClosed()) {
            ends.release();
            return;
        }
        try {
            if (recoveries.isUnderWay()) {
                recovery.recoveredPostCopy(callFailure);
                recoveries.ended(callFailure);
            }
            act(callFailure, ends.look());
        } catch (LeaseLost e) {
            run.lost();
        } catch (RuntimeException e) {
            // a connection that failed goes back, so that the next look gets one that works
            ends.release();
            lookAgain(callFailure, Optional.of(Unclear.unanswered(record.migration(), FailureException.failureOf(e))));
        } finally {
            // somebody closed its record during a look, which has borrowed anew
            if (record.isClosed()) {
                ends.release();
            }
        }
    }

    private void act(Optional<Failure> callFailure, BothEnds.Sight sight) {
        Observation seen = sight.seen();
        Migration migration = record.migration();
        Duration uptime = context.timers().uptime();
        var said = Reconcile.Finding.of(finding, says(migration, seen), uptime);
        finding = Optional.of(said);
        Duration onItsWay =
                migration.isManaged() ? Duration.ZERO : context.config().keepalive();
        Reconcile.Action next = Reconcile.decide(said, uptime, onItsWay);
        if (seen.held() && migration.isManaged()) {
            next = whileHeld(next, said, seen);
        }
        switch (next) {
            case ADOPT -> adopt(sight);
            case MOVED -> ending.complete(seen.destination(), tidied(said, seen, callFailure));
            case NOT_MOVED -> stayed(callFailure);
            case FINISH_MOVE -> {
                recovery.finishMove();
                settle(callFailure);
            }
            case RESUME_SOURCE -> {
                recovery.resumeSource();
                settle(callFailure);
            }
            case FINISH_POST_COPY ->
                recovery.finishPostCopy(failed ->
                        failed.ifPresentOrElse(why -> lookAgain(callFailure, failed), () -> settle(callFailure)));
            case LET_COPY_GO -> {
                recovery.letCopyGo();
                settle(callFailure);
            }
            case RECOVER_POST_COPY -> recoverPostCopy(callFailure);
            case WAIT ->
                lookAgain(
                        callFailure,
                        said.action() == Reconcile.Action.RECOVER_POST_COPY
                                ? Optional.of(Unclear.brokenOff(migration, recoveries))
                                : Unclear.settling(migration, said));
            case BOTH_STAND -> lookAgain(callFailure, Optional.of(Unclear.bothStand(migration)));
            case POST_COPY -> lookAgain(callFailure, Unclear.postCopy(migration, said, seen));
            case BOTH_RUNNING -> callForHelp(Unclear.bothRun(migration));
            case LOST -> callForHelp(Unclear.lost(migration, callFailure));
        }
    }

    // what is held ends with its migration, and that not before it is certain that nothing depends on it
    private Reconcile.Action whileHeld(Reconcile.Action next, Reconcile.Finding said, Observation seen) {
        if (next == Reconcile.Action.MOVED && said.looks() < 2) {
            return Reconcile.Action.WAIT;
        }
        boolean there =
                seen.destination().filter(domain -> domain.status().isActive()).isPresent();
        if (next == Reconcile.Action.MOVED || !there) {
            // there is nothing left that would go with it
            ends.destination().letGoOfCopy(record.migration().domain());
        }
        return next;
    }

    // where the source knows no recovery, a human has to see to it
    private Reconcile.Action says(Migration migration, Observation seen) {
        Reconcile.Action action = Reconcile.look(migration, seen);
        boolean recoverable = action != Reconcile.Action.RECOVER_POST_COPY
                || ends.source().migrationSupport().flags().contains(MigrateFlag.POSTCOPY_RESUME);
        return recoverable ? action : Reconcile.Action.POST_COPY;
    }

    // each try begins with looks of its own, further and further apart
    private void recoverPostCopy(Optional<Failure> callFailure) {
        finding = Optional.empty();
        Optional<MigrationJob> going;
        try {
            going = recovery.recoverPostCopy();
        } catch (JournalUnavailable | LeaseLapsed | LeaseLost e) {
            throw e;
        } catch (FailureException e) {
            recovery.recoveredPostCopy(Optional.of(e.failure()));
            recoveries.ended(Optional.of(e.failure()));
            lookAgain(callFailure, Optional.of(Unclear.brokenOff(record.migration(), recoveries)));
            return;
        }
        if (going.isEmpty()) {
            lookAgain(callFailure, Optional.empty());
            return;
        }
        recoveries.begun();
        run.goOn(going.get(), ends.source());
    }

    private void adopt(BothEnds.Sight sight) {
        record.note(MigrationStep.ADOPT, Actor.drover(), "found under way");
        nextLook = context.config().firstLook();
        finding = Optional.empty();
        sight.seen()
                .source()
                .filter(domain -> domain.status().isPausedByUser())
                .ifPresent(domain -> record.suspendedByUser(true));
        run.follow(sight.job().orElseThrow(), ends.source());
    }

    private void stayed(Optional<Failure> callFailure) {
        Optional<Failure> why = control.givenUp().or(() -> callFailure.map(Unclear::answered));
        if (control.isAbortWanted()) {
            ending.cancel(why.orElse(Failure.of(FailureCode.ABORTED, "called off")));
        } else if (why.isPresent() && why.get().code() == FailureCode.STUCK) {
            // only an operator can end what keeps it there
            callForHelp(why.get());
        } else if (why.isPresent() && !control.isHandedOver() && !ending.triesAgain(why.get())) {
            ending.fail(why.get());
        } else {
            // nobody saw it fail, since the server died before the call or while it failed; or it may try once more
            ending.replan(why);
        }
    }

    private void callForHelp(Failure why) {
        context.listener().alert(record.migration(), why);
        ending.fail(why);
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
            context.listener().alert(record.migration(), e.failure());
            return e.failure();
        }
    }

    private void lookAgain(Optional<Failure> callFailure, Optional<Failure> why) {
        why.ifPresent(failure -> context.listener().alert(record.migration(), failure));
        Duration wait = nextLook;
        nextLook = context.config().longer(wait);
        context.timers().after(wait, () -> context.executor().execute(() -> settle(callFailure)));
    }
}
