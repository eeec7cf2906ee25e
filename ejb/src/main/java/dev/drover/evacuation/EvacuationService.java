package dev.drover.evacuation;

import dev.drover.hypervisor.JobStats;
import dev.drover.migration.Journal;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationService;
import dev.drover.migration.MigrationState;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Evacuations as they stand, and the operators' verbs on them; the batch job does the rest in its steps. */
@ApplicationScoped
public class EvacuationService {

    private static final int NEWEST = 200;

    private final EvacuationStore store;
    private final Journal journal;
    private final MigrationService migrations;
    private final TransitionLog log;

    @Inject
    public EvacuationService(EvacuationStore store, Journal journal, MigrationService migrations, TransitionLog log) {
        this.store = store;
        this.journal = journal;
        this.migrations = migrations;
        this.log = log;
    }

    /** @throws FailureException {@link FailureCode#UNKNOWN_EVACUATION} */
    public Evacuation evacuation(UUID id) {
        return store.find(id)
                .orElseThrow(() -> new FailureException(
                        FailureCode.UNKNOWN_EVACUATION, "evacuation: no evacuation has the id " + id));
    }

    /** The newest first. */
    public List<Evacuation> evacuations() {
        return store.newest(NEWEST);
    }

    /** An evacuation's migrations in the order of its plan. */
    public List<Migration> migrations(UUID evacuation) {
        return journal.ofEvacuation(evacuation);
    }

    /** 0 to 1. */
    public double progress(List<Migration> rows) {
        return Progress.of(rows, statsOf());
    }

    private Function<Migration, JobStats> statsOf() {
        return migration -> migrations.progress(migration.id()).orElse(JobStats.none());
    }

    /** Remembers which batch execution works on it. */
    public Evacuation executedBy(UUID id, long execution) {
        Evacuation known = evacuation(id).executedBy(execution);
        store.update(known);
        return known;
    }

    /** Starts nothing further; what runs goes on. Harmless when repeated. */
    public Evacuation pause(UUID id) {
        return change(id, EvacuationState.PAUSED, () -> migrations.hold(id));
    }

    /** Goes on after a pause. Harmless when repeated. */
    public Evacuation resume(UUID id) {
        return change(id, EvacuationState.RUNNING, () -> migrations.release(id));
    }

    /**
     * Calls it off: nothing further starts, what runs is aborted where the hypervisor can; every domain stays or goes on
     * where it is. Harmless when repeated.
     */
    public Evacuation cancel(UUID id) {
        Evacuation cancelling = change(id, EvacuationState.CANCELLING, () -> migrations.hold(id));
        migrations.cancelWaiting(id, Failure.of(FailureCode.ABORTED, "the evacuation was cancelled"));
        for (Migration migration : journal.ofEvacuation(id)) {
            if (migration.state() == MigrationState.RUNNING) {
                abortQuietly(migration);
            }
        }
        return cancelling;
    }

    private void abortQuietly(Migration migration) {
        try {
            migrations.abort(migration.id());
        } catch (FailureException e) {
            // it goes on to its end, which its own row will tell
            log.alert(migration, e.failure());
        }
    }

    private synchronized Evacuation change(UUID id, EvacuationState next, Runnable effect) {
        Evacuation now = evacuation(id);
        if (now.state() == next) {
            return now;
        }
        if (now.state().isFinal() || now.state() == EvacuationState.CANCELLING) {
            throw new FailureException(
                    FailureCode.EVACUATION_ENDED,
                    "evacuation " + id + " is " + now.state() + "; it can no longer become " + next);
        }
        Evacuation changed = now.in(next);
        store.update(changed);
        effect.run();
        log.changed(now.state(), changed);
        return changed;
    }
}
