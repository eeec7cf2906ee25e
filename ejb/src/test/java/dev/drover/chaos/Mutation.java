package dev.drover.chaos;

import dev.drover.audit.AuditEntry;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationState;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.migration.Migration;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A controller made wrong on purpose: the checks must catch each of these, or they catch nothing. */
enum Mutation {
    NONE,
    /** Asks a hypervisor before, not after, the journal has it. */
    NO_ROW_BEFORE_THE_CALL,
    /** Wakes whatever stands still instead of waiting until it is clear which copy goes on. */
    RESUMES_INSTEAD_OF_WAITING,
    /** Does not look at the destination before it decides. */
    BLIND_TO_THE_DESTINATION,
    /** Tells any copy on a destination to run that stands still there. */
    FINISHES_TOO_EARLY,
    /** Lets go of what is held as soon as it sees it. */
    LETS_GO_TOO_EARLY,
    /** Starts what it has started. */
    STARTS_TWICE,
    /** Says that it is done when it has only begun. */
    REPORTS_TOO_EARLY,
    /** Calls an evacuation complete as soon as the host is empty, whatever became of its guests. */
    FORGETS_THE_LOST,
    /** Tells a human only in the life in which it happened. */
    FORGETS_ITS_ALERTS;

    /** What the controller makes of a domain that it looked up. */
    Optional<Domain> sees(ChaosConnection connection, Optional<Domain> found) {
        boolean destination = !connection.uri().host().orElse("").equals(Script.SOURCE);
        if (this == BLIND_TO_THE_DESTINATION && destination) {
            return Optional.empty();
        }
        if (this == RESUMES_INSTEAD_OF_WAITING) {
            found.filter(domain -> domain.status().isPausedForMigration())
                    .ifPresent(domain -> resume(connection, domain));
        }
        if (this == FINISHES_TOO_EARLY && destination) {
            found.filter(domain -> domain.status().isPausedForMigration())
                    .ifPresent(domain -> connection.finishPostCopy(domain.uuid(), false));
        }
        if (this == LETS_GO_TOO_EARLY && destination) {
            found.filter(domain -> connection.holdsCopy(domain.uuid()))
                    .ifPresent(domain -> connection.letGoOfCopy(domain.uuid()));
        }
        return found;
    }

    private static void resume(ChaosConnection connection, Domain domain) {
        try {
            connection.resumeDomain(domain.uuid());
        } catch (HypervisorException e) {
            // the hypervisor knows better, this time
            return;
        }
    }

    /** After a start: once more? */
    void started(Runnable again) {
        if (this == STARTS_TWICE) {
            try {
                again.run();
            } catch (HypervisorException e) {
                // the hypervisor has one already
                return;
            }
        }
    }

    /** Whether that write is left out. */
    boolean swallows(Migration migration, AuditEntry entry) {
        return this == NO_ROW_BEFORE_THE_CALL && entry.what().equals("BEGIN") && migration.attempt() != null;
    }

    /** What is written instead. */
    Migration writes(Migration migration, AuditEntry entry) {
        return this == REPORTS_TOO_EARLY && entry.what().equals("BEGIN")
                ? migration.completed(entry.at(), 0, 0, migration.domainName(), null)
                : migration;
    }

    /** What it hears of the migrations that wait for a human. */
    @Nullable
    Object remembers(@Nullable Object unsettled) {
        return this == FORGETS_ITS_ALERTS ? List.of() : unsettled;
    }

    /** What is written instead. */
    Evacuation writes(Evacuation evacuation) {
        boolean lost = evacuation.failure() != null
                && evacuation.failure().code() == FailureCode.OUTCOME_UNKNOWN
                && evacuation.state() == EvacuationState.INCOMPLETE;
        return this == FORGETS_THE_LOST && lost
                ? new Evacuation(
                        evacuation.id(),
                        evacuation.kind(),
                        evacuation.host(),
                        evacuation.deadline(),
                        EvacuationState.COMPLETED,
                        evacuation.origin(),
                        evacuation.execution(),
                        null,
                        evacuation.createdAt(),
                        evacuation.finishedAt())
                : evacuation;
    }
}
