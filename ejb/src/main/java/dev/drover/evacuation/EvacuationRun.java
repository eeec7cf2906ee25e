package dev.drover.evacuation;

import dev.drover.migration.Journal;
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
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the steps of the batch job do with an evacuation: open it, wait for its migrations one by one, verify the end. */
@ApplicationScoped
public class EvacuationRun {

    private static final long LOOK_MS = 250;

    private final EvacuationService evacuations;
    private final EvacuationStore store;
    private final Journal journal;
    private final MigrationService migrations;
    private final FleetView fleet;
    private final TransitionLog log;
    private final Clock clock;

    @Inject
    public EvacuationRun(
            EvacuationService evacuations,
            EvacuationStore store,
            Journal journal,
            MigrationService migrations,
            FleetView fleet,
            TransitionLog log,
            Clock clock) {
        this.evacuations = evacuations;
        this.store = store;
        this.journal = journal;
        this.migrations = migrations;
        this.fleet = fleet;
        this.log = log;
        this.clock = clock;
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
        Evacuation evacuation = evacuations.evacuation(id);
        switch (evacuation.state()) {
            case PLANNING -> evacuations.resume(id);
            case RUNNING -> migrations.release(id);
            case PAUSED -> {
                if (continued) {
                    evacuations.resume(id);
                }
            }
            case CANCELLING -> evacuations.cancel(id);
            case COMPLETED, INCOMPLETE, CANCELLED, FAILED -> {
                // nothing is left to do; verify will say so
            }
        }
    }

    /**
     * The next migration that finished after the given place; waits for it.
     *
     * @param stopping whether the job shall stop: then nothing further starts, and what runs is waited for
     * @return empty when all are finished, or when the job stops and nothing runs any more
     */
    public Optional<Migration> nextFinished(UUID id, int after, BooleanSupplier stopping) throws InterruptedException {
        boolean held = false;
        while (true) {
            List<Migration> finished = journal.finishedAfter(id, after);
            if (!finished.isEmpty()) {
                return Optional.of(finished.get(0));
            }
            if (journal.ofEvacuation(id).stream()
                    .allMatch(migration -> migration.state().isFinal())) {
                return journal.finishedAfter(id, after).stream().findFirst();
            }
            if (stopping.getAsBoolean() && !held) {
                migrations.hold(id);
                held = true;
            }
            if (held && migrations.running(id) == 0) {
                return journal.finishedAfter(id, after).stream().findFirst();
            }
            cancelAfterDeadline(id);
            synchronized (this) {
                wait(LOOK_MS);
            }
        }
    }

    private void cancelAfterDeadline(UUID id) {
        Evacuation evacuation = evacuations.evacuation(id);
        if (evacuation.deadline() != null && clock.instant().isAfter(evacuation.deadline())) {
            migrations.cancelWaiting(
                    id,
                    Failure.of(
                            FailureCode.DEADLINE_PASSED,
                            "the deadline " + evacuation.deadline() + " passed before it had started"));
        }
    }

    /** The job was stopped by an operator: nothing starts until it is restarted or resumed. */
    public void stopped(UUID id) {
        if (!evacuations.evacuation(id).state().isFinal()) {
            evacuations.pause(id);
        }
    }

    /** Looks at the host itself and says how the evacuation ended. */
    public Evacuation verify(UUID id) {
        Evacuation evacuation = evacuations.evacuation(id);
        if (evacuation.state().isFinal()) {
            return evacuation;
        }
        Evacuation ended = verdict(evacuation);
        store.update(ended);
        log.changed(evacuation.state(), ended);
        return ended;
    }

    private Evacuation verdict(Evacuation evacuation) {
        if (evacuation.state() == EvacuationState.CANCELLING) {
            return evacuation.ended(EvacuationState.CANCELLED, null, clock.instant());
        }
        Failure problem = evacuation.kind() == Evacuation.Kind.RETURN
                ? notReturned(evacuation)
                : notEmpty(fleet.host(evacuation.host()));
        return evacuation.ended(
                problem == null ? EvacuationState.COMPLETED : EvacuationState.INCOMPLETE, problem, clock.instant());
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

    /** The job could not go on. */
    public void failed(UUID id, Failure why) {
        Evacuation evacuation = evacuations.evacuation(id);
        if (evacuation.state().isFinal()) {
            return;
        }
        migrations.cancelWaiting(id, why);
        Evacuation failed = evacuation.ended(EvacuationState.FAILED, why, clock.instant());
        store.update(failed);
        log.changed(evacuation.state(), failed);
    }
}
