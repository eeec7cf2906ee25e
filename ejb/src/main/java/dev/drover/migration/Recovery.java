package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The few calls that mend what a crash left behind. Each is written into the journal before it is made, its outcome after
 * it, and each looks at both hosts once more directly before it acts; all may be repeated.
 */
final class Recovery {

    private final MigrationContext context;
    private final RunRecord record;
    private final BothEnds ends;

    Recovery(MigrationContext context, RunRecord record, BothEnds ends) {
        this.context = context;
        this.record = record;
        this.ends = ends;
    }

    /** Destroys what stands still on the source after the destination was seen running twice. */
    void finishMove() {
        intend(MigrationStep.DESTROY_SOURCE, "it runs on the destination and stands still on the source");
        if (stillSays(Reconcile.Action.FINISH_MOVE, MigrationStep.DESTROY_SOURCE)) {
            act(MigrationStep.DESTROY_SOURCE, ends.source(), from -> from.destroyDomain(domain()));
        }
    }

    /** Wakes the copy on the source after the destination was seen without one for long enough. */
    void resumeSource() {
        intend(MigrationStep.RESUME_SOURCE, "it stands still on the source and is not on the destination");
        if (stillSays(Reconcile.Action.RESUME_SOURCE, MigrationStep.RESUME_SOURCE)) {
            act(MigrationStep.RESUME_SOURCE, ends.source(), from -> from.resumeDomain(domain()));
        }
    }

    /**
     * Tells the destination to run what waits there in post-copy.
     *
     * @param then hears why that failed, or nothing, when all of the memory is there
     */
    void finishPostCopy(Consumer<Optional<Failure>> then) {
        intend(
                MigrationStep.FINISH_POST_COPY,
                "the source has given it up in post-copy, and the destination waits to be told to run it");
        if (!stillSays(Reconcile.Action.FINISH_POST_COPY, MigrationStep.FINISH_POST_COPY)) {
            then.accept(Optional.empty());
            return;
        }
        context.ownership().require();
        HypervisorConnection to = ends.destination();
        to.finishPostCopy(domain(), record.migration().endsPaused())
                .whenComplete((none, error) -> context.executor().execute(() -> finished(to, error, then)));
    }

    private void finished(HypervisorConnection to, @Nullable Throwable error, Consumer<Optional<Failure>> then) {
        if (record.isClosed()) {
            return;
        }
        Optional<Failure> why = Optional.ofNullable(error).map(FailureException::failureOf);
        try {
            if (why.isEmpty()) {
                to.letGoOfCopy(domain());
            }
            outcome(
                    MigrationStep.FINISH_POST_COPY,
                    why.map(failure -> "failed: " + failure.message()).orElse("done"));
        } catch (RuntimeException e) {
            // the next look sees what became of it, and whether this server may still write
            context.listener().alert(record.migration(), FailureException.failureOf(e));
        }
        then.accept(why);
    }

    /** Lets a copy go that is held on the destination after the source was seen running twice. */
    void letCopyGo() {
        intend(MigrationStep.LET_COPY_GO, "the source runs, and the destination's copy was never told to");
        if (stillSays(Reconcile.Action.LET_COPY_GO, MigrationStep.LET_COPY_GO)) {
            act(MigrationStep.LET_COPY_GO, ends.destination(), to -> to.letGoOfCopy(domain()));
        }
    }

    /**
     * Goes on with a migration that broke off in post-copy, by the hypervisor's own recovery: it takes both copies as they
     * are, and refuses where they do not wait for it.
     *
     * @return the job that is under way again; empty when the journal did not take it or the hosts no longer say so
     * @throws FailureException when it cannot be started
     */
    Optional<MigrationJob> recoverPostCopy() {
        ConvergencePosition at = record.position();
        // whoever had switched: from now on it is known that nothing may abort it
        boolean announced = record.advance(
                MigrationStep.RECOVER_POST_COPY,
                at.afterSwitch(context.now(), at.rounds()),
                "next: it broke off in post-copy, and both hosts wait for it to go on");
        if (!announced || !stillSays(Reconcile.Action.RECOVER_POST_COPY, MigrationStep.RECOVER_POST_COPY)) {
            return Optional.empty();
        }
        context.ownership().require();
        MigrateArguments arguments = record.migration().arguments();
        Set<MigrateFlag> flags = EnumSet.of(MigrateFlag.POSTCOPY, MigrateFlag.POSTCOPY_RESUME);
        flags.addAll(arguments.flags());
        return Optional.of(ends.source()
                .startMigration(
                        domain(),
                        ends.destination(),
                        flags,
                        arguments.dname(),
                        arguments.hostname(),
                        arguments.params(),
                        Objects.requireNonNull(record.migration().attempt()).mode()));
    }

    /** How that ended. */
    void recoveredPostCopy(Optional<Failure> why) {
        outcome(
                MigrationStep.RECOVER_POST_COPY,
                why.map(failure -> "failed: " + failure.message()).orElse("done"));
    }

    /** What the move still owes once the domain is on the destination: its definition, its user's pause. */
    void tidy(Observation seen) {
        boolean defined = seen.destination().filter(Domain::persistent).isPresent();
        if (!defined && asks(MigrateFlag.PERSIST_DEST)) {
            intend(MigrationStep.DEFINE_DESTINATION, "");
            act(MigrationStep.DEFINE_DESTINATION, ends.destination(), to -> to.persistDomain(domain()));
            defined = true;
        }
        // never the last definition: a domain that was asked to be defined there must be so first
        boolean leftHere = seen.source()
                .filter(Domain::persistent)
                .filter(domain -> !startedMeanwhile(domain))
                .isPresent();
        if (leftHere && asks(MigrateFlag.UNDEFINE_SOURCE) && (defined || !asks(MigrateFlag.PERSIST_DEST))) {
            intend(MigrationStep.UNDEFINE_SOURCE, "");
            act(MigrationStep.UNDEFINE_SOURCE, ends.source(), from -> from.undefineDomain(domain()));
        }
        boolean runs =
                seen.destination().filter(domain -> domain.status().isRunning()).isPresent();
        if (runs && record.migration().wasSuspended()) {
            intend(MigrationStep.SUSPEND_DESTINATION, "its user had suspended it");
            act(MigrationStep.SUSPEND_DESTINATION, ends.destination(), to -> to.suspendDomain(domain()));
        }
    }

    // a definition moves alone, and its user may have started the domain here once more
    private boolean startedMeanwhile(Domain domain) {
        return record.migration().arguments().movesDefinition()
                && domain.status().isActive();
    }

    private UUID domain() {
        return record.migration().domain();
    }

    // the last look before a step; one that is not taken after all is written down as well
    private boolean stillSays(Reconcile.Action expected, MigrationStep step) {
        boolean says = Reconcile.look(record.migration(), ends.look().seen()) == expected;
        // a look may take as long as its hosts
        if (record.isClosed()) {
            return false;
        }
        if (!says) {
            outcome(step, "not done: the hosts no longer say so");
        }
        return says;
    }

    private boolean asks(MigrateFlag flag) {
        return record.migration().arguments().flags().contains(flag);
    }

    private void act(MigrationStep step, HypervisorConnection host, Consumer<HypervisorConnection> call) {
        context.ownership().require();
        try {
            call.accept(host);
        } catch (FailureException e) {
            outcome(step, "failed: " + e.failure().message());
            throw e;
        }
        outcome(step, "done");
    }

    private void intend(MigrationStep step, String why) {
        record.note(step, Actor.drover(), why.isEmpty() ? "next" : "next: " + why);
    }

    private void outcome(MigrationStep step, String what) {
        record.note(step, Actor.drover(), what);
    }
}
