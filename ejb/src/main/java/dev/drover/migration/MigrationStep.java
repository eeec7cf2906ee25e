package dev.drover.migration;

import static dev.drover.migration.MigrationState.CANCELLED;
import static dev.drover.migration.MigrationState.COMPLETED;
import static dev.drover.migration.MigrationState.FAILED;
import static dev.drover.migration.MigrationState.PLANNED;
import static dev.drover.migration.MigrationState.RUNNING;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every step in a migration's life by its name in the audit trail, and from which states it may be taken. */
public enum MigrationStep {
    PLAN(Set.of(), PLANNED),
    BLOCK(Set.of(), MigrationState.BLOCKED),
    /** The call is next. */
    BEGIN(Set.of(PLANNED), RUNNING),
    COMPLETE(Set.of(RUNNING), COMPLETED),
    FAIL(Set.of(PLANNED, RUNNING), FAILED),
    CANCEL(Set.of(PLANNED, RUNNING), CANCELLED),
    /** It did not move and gets its turn again. */
    REPLAN(Set.of(RUNNING), PLANNED),
    // what is done meanwhile and changes no state
    ADOPT(Set.of(RUNNING), null),
    ABORT(Set.of(PLANNED, RUNNING), null),
    SUSPENDED_BY_USER(Set.of(RUNNING), null),
    SET_MAX_SPEED(Set.of(RUNNING), null),
    SET_MAX_DOWNTIME(Set.of(RUNNING), null),
    START_POST_COPY(Set.of(RUNNING), null),
    FINISH_POST_COPY(Set.of(RUNNING), null),
    LET_COPY_GO(Set.of(RUNNING), null),
    RECOVER_POST_COPY(Set.of(RUNNING), null),
    RESUME_SOURCE(Set.of(RUNNING), null),
    DESTROY_SOURCE(Set.of(RUNNING), null),
    DEFINE_DESTINATION(Set.of(RUNNING), null),
    UNDEFINE_SOURCE(Set.of(RUNNING), null),
    SUSPEND_DESTINATION(Set.of(RUNNING), null),
    ALERT(Set.of(PLANNED, RUNNING, FAILED), null),
    /** A human has seen to what was left open. */
    ACKNOWLEDGE(Set.of(FAILED), null);

    private final Set<MigrationState> from;
    private final @Nullable MigrationState to;

    MigrationStep(Set<MigrationState> from, @Nullable MigrationState to) {
        this.from = from;
        this.to = to;
    }

    /**
     * The state after this step.
     *
     * @throws IllegalStateException when it may not be taken from {@code state}
     */
    MigrationState from(MigrationState state, Migration migration) {
        if (!from.contains(state)) {
            throw new IllegalStateException("migration " + migration.id() + " of " + migration.domainName() + ": no "
                    + this + " from " + state);
        }
        return to == null ? state : to;
    }
}
