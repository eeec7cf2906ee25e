package dev.drover.evacuation;

import dev.drover.audit.Actor;
import dev.drover.audit.Surface;
import dev.drover.migration.Journal;
import dev.drover.migration.JournalUnavailable;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationService;
import dev.drover.migration.MigrationState;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.HostSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of the batch job do with an evacuation: open it, report its finished migrations one by one, verify the
 * end. Nothing in here waits; who calls it looks again.
 */
@ApplicationScoped
public class EvacuationRun {

    private static final Actor BATCH = new Actor("batch", Surface.BATCH);

    private final EvacuationService evacuations;
    private final Journal journal;
    private final MigrationService migrations;
    private final FleetView fleet;
    private final TransitionLog log;
    private final Clock clock;
    private final Set<UUID> worked = ConcurrentHashMap.newKeySet();

    @Inject
    public EvacuationRun(
            EvacuationService evacuations,
            Journal journal,
            MigrationService migrations,
            FleetView fleet,
            TransitionLog log,
            Clock clock) {
        this.evacuations = evacuations;
        this.journal = journal;
        this.migrations = migrations;
        this.fleet = fleet;
        this.log = log;
        this.clock = clock;
    }

    /** Claims the evacuation for one job of this server. @return false when another one works on it already */
    public boolean enter(UUID id) {
        return worked.add(id);
    }

    /** The job ends, however it does. */
    public void leave(UUID id) {
        worked.remove(id);
    }

    /** Whether a job of this server works on it. */
    public boolean isWorkedOn(UUID id) {
        return worked.contains(id);
    }

    /** Another server has all of them now: the jobs here find nothing left to do. */
    void loseAll() {
        worked.clear();
    }

    /**
     * Lets the evacuation's migrations go, after finding out what became of those that an earlier run had started. Safe to
     * repeat.
     *
     * @param continued whether the job was stopped before, so that its going on is the operator's wish
     */
    public void open(UUID id, boolean continued) {
        migrations.hold(id);
        migrations.takeUp(journal.ofEvacuation(id).stream()
                .filter(migration -> !migration.state().isFinal())
                .toList());
        switch (evacuations.open(id).state()) {
            case RUNNING -> migrations.release(id);
            case PAUSED -> {
                // a job's restart undoes the pause that its own stop made, and nobody else's
                if (continued && evacuations.isPausedThrough(id, Surface.BATCH)) {
                    evacuations.resume(id, BATCH);
                }
            }
            case CANCELLING -> evacuations.cancel(id, Actor.drover());
            case PLANNING, COMPLETED, INCOMPLETE, CANCELLED, FAILED -> {
                // nothing is left to do; verify will say so
            }
        }
    }

    /**
     * What is to be reported after the given place.
     *
     * @param stopping whether the job shall stop: then nothing further starts, and what runs is waited for
     */
    public Look look(UUID id, int after, boolean stopping) {
        try {
            return looked(id, after, stopping);
        } catch (JournalUnavailable e) {
            // it comes back, or the operator is told by those who could not write
            return new Look.NotYet();
        }
    }

    private Look looked(UUID id, int after, boolean stopping) {
        List<Migration> finished = journal.finishedAfter(id, after);
        if (!finished.isEmpty()) {
            return new Look.Finished(finished.get(0));
        }
        Evacuation evacuation = stopping ? evacuations.evacuation(id) : evacuations.aligned(id);
        if (evacuation.state().isFinal() || !isWorkedOn(id)) {
            return new Look.AllReported();
        }
        if (evacuation.state() == EvacuationState.CANCELLING) {
            // one whose abort was refused may have failed by itself since, and waits for a turn that never comes
            migrations.cancelWaiting(
                    id, Failure.of(FailureCode.ABORTED, "the evacuation was cancelled"), Actor.drover());
        }
        if (stopping) {
            migrations.hold(id);
        } else {
            cancelAfterDeadline(evacuation);
        }
        boolean over = journal.ofEvacuation(id).stream()
                        .allMatch(migration -> migration.state().isFinal())
                || (stopping && migrations.running(id) == 0);
        if (!over) {
            return new Look.NotYet();
        }
        return journal.finishedAfter(id, after).stream()
                .findFirst()
                .<Look>map(Look.Finished::new)
                .orElseGet(Look.AllReported::new);
    }

    private void cancelAfterDeadline(Evacuation evacuation) {
        if (evacuation.deadline() == null || !clock.instant().isAfter(evacuation.deadline())) {
            return;
        }
        migrations.cancelWaiting(
                evacuation.id(),
                Failure.of(
                        FailureCode.DEADLINE_PASSED,
                        "the deadline " + evacuation.deadline() + " passed before it had started"),
                Actor.drover());
        long running = migrations.running(evacuation.id());
        if (running > 0) {
            log.alert(
                    evacuation,
                    Failure.of(
                            FailureCode.DEADLINE_PASSED,
                            "the deadline " + evacuation.deadline() + " has passed and " + running
                                    + " migrations are still under way; they go on: cancel the evacuation to stop them"));
        }
    }

    /** The job was stopped by an operator: nothing starts until it is restarted or resumed. */
    public void stopped(UUID id) {
        if (!evacuations.evacuation(id).state().isFinal()) {
            evacuations.pause(id, BATCH);
        }
    }

    /** The job broke off: an evacuation that has not ended stays as it is and gets another one. */
    public void jobFailed(UUID id, Failure why) {
        Evacuation evacuation = evacuations.evacuation(id);
        if (!evacuation.state().isFinal()) {
            log.alert(evacuation, why);
        }
    }

    /** Looks at the host itself and says how the evacuation ended. */
    public Evacuation verify(UUID id) {
        Evacuation evacuation = evacuations.evacuation(id);
        if (evacuation.state().isFinal() || !isWorkedOn(id)) {
            return evacuation;
        }
        return verdict(evacuation);
    }

    private Evacuation verdict(Evacuation evacuation) {
        if (evacuation.state() == EvacuationState.CANCELLING) {
            return evacuations.end(evacuation, EvacuationStep.END_CANCELLED, goneAllTheSame(evacuation));
        }
        Failure lost = lost(evacuation);
        Failure problem = lost != null
                ? lost
                : evacuation.kind() == Evacuation.Kind.RETURN
                        ? notReturned(evacuation)
                        : notEmpty(fleet.host(evacuation.host()));
        return evacuations.end(
                evacuation, problem == null ? EvacuationStep.COMPLETE : EvacuationStep.LEAVE_INCOMPLETE, problem);
    }

    // an empty host is no success when a guest that was on it is nowhere, or may be somewhere twice
    private @Nullable Failure lost(Evacuation evacuation) {
        String names = journal.ofEvacuation(evacuation.id()).stream()
                .filter(Migration::needsHelp)
                .map(Migration::domainName)
                .collect(Collectors.joining(", "));
        return names.isEmpty()
                ? null
                : Failure.of(
                        FailureCode.OUTCOME_UNKNOWN,
                        "what became of some guests needs a human, see their migrations' reasons: " + names);
    }

    private @Nullable Failure goneAllTheSame(Evacuation evacuation) {
        List<String> refused = evacuations.refusedAborts(evacuation.id());
        return refused.isEmpty() ? null : Failure.of(FailureCode.OPERATION_FAILED, String.join("; ", refused));
    }

    private @Nullable Failure notReturned(Evacuation evacuation) {
        String names = journal.ofEvacuation(evacuation.id()).stream()
                .filter(migration -> migration.state() != MigrationState.COMPLETED)
                .map(Migration::domainName)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? null : Failure.of(FailureCode.OPERATION_FAILED, "did not come back: " + names);
    }

    private static @Nullable Failure notEmpty(HostSnapshot host) {
        if (!host.isReachable()) {
            return Failure.of(
                    FailureCode.HOST_OFFLINE,
                    host.host().name() + " does not answer, so nobody can say that it is empty");
        }
        String names = host.activeDomains().stream().map(Domain::name).collect(Collectors.joining(", "));
        return names.isEmpty()
                ? null
                : Failure.of(
                        FailureCode.HOST_NOT_EMPTY, "still on " + host.host().name() + ": " + names);
    }
}
