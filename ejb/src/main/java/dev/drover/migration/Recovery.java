package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.model.Domain;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import java.util.UUID;
import java.util.function.Consumer;

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
        if (says(Reconcile.Action.FINISH_MOVE)) {
            act(MigrationStep.DESTROY_SOURCE, ends.source(), from -> from.destroyDomain(domain()));
        } else {
            outcome(MigrationStep.DESTROY_SOURCE, "not done: the hosts no longer say so");
        }
    }

    /** Wakes the copy on the source after the destination was seen without one for long enough. */
    void resumeSource() {
        intend(MigrationStep.RESUME_SOURCE, "it stands still on the source and is not on the destination");
        if (says(Reconcile.Action.RESUME_SOURCE)) {
            act(MigrationStep.RESUME_SOURCE, ends.source(), from -> from.resumeDomain(domain()));
        } else {
            outcome(MigrationStep.RESUME_SOURCE, "not done: the hosts no longer say so");
        }
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

    private boolean says(Reconcile.Action expected) {
        return Reconcile.look(record.migration(), ends.look().seen()) == expected;
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
