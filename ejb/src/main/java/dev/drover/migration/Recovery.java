package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.model.Domain;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import java.util.function.Consumer;

/**
 * The few calls that mend what a crash left behind. Each is written into the journal before it is made, its outcome after
 * it, and each looks at both hosts once more directly before it acts; all may be repeated.
 */
final class Recovery {

    private final MigrationContext context;
    private final BothEnds ends;

    Recovery(MigrationContext context, BothEnds ends) {
        this.context = context;
        this.ends = ends;
    }

    /** Destroys what stands still on the source after the destination was seen running twice. */
    void finishMove(Migration migration) {
        intend(migration, MigrationStep.DESTROY_SOURCE, "it runs on the destination and stands still on the source");
        if (says(migration, Reconcile.Action.FINISH_MOVE)) {
            act(migration, MigrationStep.DESTROY_SOURCE, ends.source(), from -> from.destroyDomain(migration.domain()));
        } else {
            outcome(migration, MigrationStep.DESTROY_SOURCE, "not done: the hosts no longer say so");
        }
    }

    /** Wakes the copy on the source after the destination was seen without one for long enough. */
    void resumeSource(Migration migration) {
        intend(migration, MigrationStep.RESUME_SOURCE, "it stands still on the source and is not on the destination");
        if (says(migration, Reconcile.Action.RESUME_SOURCE)) {
            act(migration, MigrationStep.RESUME_SOURCE, ends.source(), from -> from.resumeDomain(migration.domain()));
        } else {
            outcome(migration, MigrationStep.RESUME_SOURCE, "not done: the hosts no longer say so");
        }
    }

    /** What the move still owes once the domain is on the destination: its definition, its user's pause. */
    void tidy(Migration migration, Observation seen) {
        boolean defined = seen.destination().filter(Domain::persistent).isPresent();
        if (!defined && asks(migration, MigrateFlag.PERSIST_DEST)) {
            intend(migration, MigrationStep.DEFINE_DESTINATION, "");
            act(
                    migration,
                    MigrationStep.DEFINE_DESTINATION,
                    ends.destination(),
                    to -> to.persistDomain(migration.domain()));
            defined = true;
        }
        // never the last definition: a domain that was asked to be defined there must be so first
        boolean leftHere = seen.source().filter(Domain::persistent).isPresent();
        if (leftHere
                && asks(migration, MigrateFlag.UNDEFINE_SOURCE)
                && (defined || !asks(migration, MigrateFlag.PERSIST_DEST))) {
            intend(migration, MigrationStep.UNDEFINE_SOURCE, "");
            act(
                    migration,
                    MigrationStep.UNDEFINE_SOURCE,
                    ends.source(),
                    from -> from.undefineDomain(migration.domain()));
        }
        boolean runs =
                seen.destination().filter(domain -> domain.status().isRunning()).isPresent();
        if (runs && migration.wasSuspended()) {
            intend(migration, MigrationStep.SUSPEND_DESTINATION, "its user had suspended it");
            act(
                    migration,
                    MigrationStep.SUSPEND_DESTINATION,
                    ends.destination(),
                    to -> to.suspendDomain(migration.domain()));
        }
    }

    private boolean says(Migration migration, Reconcile.Action expected) {
        return Reconcile.look(migration.endsPaused(), ends.look().seen()) == expected;
    }

    private static boolean asks(Migration migration, MigrateFlag flag) {
        return migration.arguments().flags().contains(flag);
    }

    private void act(
            Migration migration, MigrationStep step, HypervisorConnection host, Consumer<HypervisorConnection> call) {
        context.ownership().require();
        try {
            call.accept(host);
        } catch (FailureException e) {
            outcome(migration, step, "failed: " + e.failure().message());
            throw e;
        }
        outcome(migration, step, "done");
    }

    private void intend(Migration migration, MigrationStep step, String why) {
        note(migration, step, why.isEmpty() ? "next" : "next: " + why);
    }

    private void outcome(Migration migration, MigrationStep step, String what) {
        note(migration, step, what);
    }

    private void note(Migration migration, MigrationStep step, String detail) {
        context.journal().note(migration.entry(step, Actor.drover(), migration.state(), context.now(), detail));
    }
}
