package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.audit.Reason;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Takes a human's word that somebody has seen to a migration that ended and needed one. Only a line of the audit trail says
 * so: the migration stays as it ended, and no host is asked.
 */
public final class Acknowledgements {

    private final Journal journal;
    private final MigrationListener listener;
    private final Clock clock;

    public Acknowledgements(Journal journal, MigrationListener listener, Clock clock) {
        this.journal = journal;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Harmless when repeated: the first word stands.
     *
     * @param reason what became of the domain; never blank
     * @throws FailureException {@link FailureCode#INVALID_ARGUMENT} without a reason, {@link
     *     FailureCode#OPERATION_INVALID} when it has not ended so
     */
    public void acknowledge(Migration migration, @Nullable String reason, Actor by) {
        String words = Reason.required(reason, "what became of the domain");
        if (!migration.needsHelp()) {
            throw new FailureException(FailureCode.OPERATION_INVALID, refusal(migration));
        }
        boolean open = journal.unsettled().stream()
                .anyMatch(unsettled -> unsettled.id().equals(migration.id()));
        if (open) {
            journal.note(migration.entry(MigrationStep.ACKNOWLEDGE, by, migration.state(), clock.instant(), words));
        }
        listener.acknowledged(migration, by, words);
    }

    private static String refusal(Migration migration) {
        return "migration: " + migration.id() + " of '" + migration.domainName() + "' is " + migration.state()
                + ", and only one that has FAILED with QUARANTINED, OUTCOME_UNKNOWN or STUCK is acknowledged; "
                + (migration.state().isFinal()
                        ? "what became of it is known and needs no word of yours"
                        : "wait for its end, or abort it");
    }
}
