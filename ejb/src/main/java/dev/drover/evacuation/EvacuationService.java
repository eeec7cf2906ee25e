package dev.drover.evacuation;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.audit.AuditTrail;
import dev.drover.audit.Reason;
import dev.drover.audit.Surface;
import dev.drover.hypervisor.JobStats;
import dev.drover.migration.Journal;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationService;
import dev.drover.migration.MigrationState;
import dev.drover.migration.MigrationStep;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Evacuations as they stand, and the operators' verbs on them; the batch job does the rest in its steps. */
@ApplicationScoped
public class EvacuationService {

    private static final int NEWEST = 200;

    private final EvacuationStore store;
    private final AuditTrail audit;
    private final Journal journal;
    private final MigrationService migrations;
    private final TransitionLog log;
    private final Clock clock;

    @Inject
    public EvacuationService(
            EvacuationStore store,
            AuditTrail audit,
            Journal journal,
            MigrationService migrations,
            TransitionLog log,
            Clock clock) {
        this.store = store;
        this.audit = audit;
        this.journal = journal;
        this.migrations = migrations;
        this.log = log;
        this.clock = clock;
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
    public synchronized Evacuation executedBy(UUID id, long execution) {
        Evacuation known = evacuation(id);
        return known.state().isFinal() || known.execution() == execution
                ? known
                : written(
                        known,
                        known.executedBy(execution),
                        EvacuationStep.EXECUTE,
                        Actor.drover(),
                        "execution " + execution);
    }

    /**
     * Its batch job begins: its migrations may start, unless somebody has called it off in the same moment.
     *
     * @return how it stands; no longer PLANNING
     */
    public synchronized Evacuation open(UUID id) {
        Evacuation now = evacuation(id);
        return now.state() == EvacuationState.PLANNING
                ? change(id, EvacuationStep.OPEN, EvacuationState.RUNNING, Actor.drover(), () -> migrations.release(id))
                : now;
    }

    /** Starts nothing further; what runs goes on. Harmless when repeated. */
    public Evacuation pause(UUID id, Actor by) {
        return change(id, EvacuationStep.PAUSE, EvacuationState.PAUSED, by, () -> migrations.hold(id));
    }

    /** Goes on after a pause. Harmless when repeated. */
    public Evacuation resume(UUID id, Actor by) {
        open(id);
        return change(id, EvacuationStep.RESUME, EvacuationState.RUNNING, by, () -> migrations.release(id));
    }

    /**
     * Calls it off: nothing further starts, what runs is aborted where the hypervisor can; every domain stays or goes on
     * where it is. Harmless when repeated.
     */
    public Evacuation cancel(UUID id, Actor by) {
        Evacuation known = evacuation(id);
        if (known.state() == EvacuationState.CANCELLED) {
            return known;
        }
        Evacuation cancelling =
                change(id, EvacuationStep.CANCEL, EvacuationState.CANCELLING, by, () -> migrations.hold(id));
        migrations.cancelWaiting(id, Failure.of(FailureCode.ABORTED, "the evacuation was cancelled"), by);
        for (Migration migration : journal.ofEvacuation(id)) {
            // one that is PLANNED here had its turn this very moment: it is told before it begins
            if (!migration.state().isFinal()) {
                abort(cancelling, migration, by);
            }
        }
        return cancelling;
    }

    private void abort(Evacuation evacuation, Migration migration, Actor by) {
        try {
            migrations.abort(migration.id(), by);
        } catch (FailureException e) {
            // it goes on to its end, which its own row will tell
            log.alert(migration, e.failure());
            store.note(evacuation.entry(
                    EvacuationStep.ABORT_REFUSED,
                    by,
                    evacuation.state(),
                    clock.instant(),
                    migration.domainName() + " could not be stopped: "
                            + e.failure().message()));
        }
    }

    /** Closes its record and those of its migrations without touching a domain. Harmless when repeated. */
    public Evacuation forceClose(UUID id, @Nullable String reason, Actor by) {
        String words = Reason.required(reason, "why the record is closed");
        Evacuation known = evacuation(id);
        if (isForceClosed(known)) {
            return known;
        }
        refuse(known, EvacuationStep.FORCE_CLOSE, EvacuationState.FAILED);
        migrations.abandon(id);
        for (Migration migration : journal.ofEvacuation(id)) {
            if (!migration.state().isFinal()) {
                close(migration, words, by);
            }
        }
        Failure why = Failure.of(FailureCode.FORCE_CLOSED, "closed by " + by + ": " + words);
        return written(
                known,
                known.ended(EvacuationStep.FORCE_CLOSE, why, clock.instant()),
                EvacuationStep.FORCE_CLOSE,
                by,
                words);
    }

    private static boolean isForceClosed(Evacuation evacuation) {
        Failure why = evacuation.failure();
        return why != null && why.code() == FailureCode.FORCE_CLOSED;
    }

    private void close(Migration migration, String reason, Actor by) {
        Failure why = Failure.of(
                FailureCode.FORCE_CLOSED,
                migration.state() == MigrationState.RUNNING
                        ? "its record was closed while it was under way, and Drover no longer follows it: look where the"
                                + " domain runs; " + reason
                        : "its record was closed before it had started; " + reason);
        boolean under = migration.state() == MigrationState.RUNNING;
        Migration closed =
                under ? migration.failed(clock.instant(), why, 0) : migration.cancelled(clock.instant(), why, 0);
        MigrationStep step = under ? MigrationStep.FAIL : MigrationStep.CANCEL;
        migrations.closed(
                migration.state(),
                journal.update(closed, closed.entry(step, by, migration.state(), clock.instant(), why.message())));
    }

    /** Its last step. */
    Evacuation end(Evacuation evacuation, EvacuationStep step, @Nullable Failure why) {
        return written(
                evacuation,
                evacuation.ended(step, why, clock.instant()),
                step,
                Actor.drover(),
                why == null ? "" : why.message());
    }

    /** What a cancel could not stop, in words. */
    List<String> refusedAborts(UUID id) {
        return audit.ofEvacuation(id).stream()
                .filter(entry -> entry.what().equals(EvacuationStep.ABORT_REFUSED.name()))
                .map(AuditEntry::detail)
                .distinct()
                .toList();
    }

    /** Whether its latest pause was asked for through that surface. */
    boolean isPausedThrough(UUID id, Surface surface) {
        return audit.ofEvacuation(id).stream()
                .filter(entry -> entry.what().equals(EvacuationStep.PAUSE.name()))
                .reduce((earlier, later) -> later)
                .filter(entry -> entry.by().surface() == surface)
                .isPresent();
    }

    /** Who did what, oldest first, its migrations' lines included. */
    public List<AuditEntry> audit(UUID id) {
        return audit.ofEvacuation(evacuation(id).id());
    }

    /**
     * Makes the migrations follow what the journal says of their evacuation: the answer to the verb that wrote it may have
     * been lost, and with it the verb's effect.
     */
    synchronized Evacuation aligned(UUID id) {
        Evacuation now = evacuation(id);
        switch (now.state()) {
            case RUNNING -> migrations.release(id);
            case PAUSED, CANCELLING -> migrations.hold(id);
            case PLANNING, COMPLETED, INCOMPLETE, CANCELLED, FAILED -> {
                // its job has not opened it, or there is nothing left to start
            }
        }
        return now;
    }

    private synchronized Evacuation change(
            UUID id, EvacuationStep step, EvacuationState next, Actor by, Runnable effect) {
        Evacuation now = evacuation(id);
        if (now.state() == next) {
            return now;
        }
        refuse(now, step, next);
        Evacuation changed = written(now, now.in(step), step, by, "");
        effect.run();
        return changed;
    }

    private static void refuse(Evacuation now, EvacuationStep step, EvacuationState next) {
        if (!step.isFrom(now.state())) {
            throw new FailureException(
                    FailureCode.EVACUATION_ENDED,
                    "evacuation " + now.id() + " is " + now.state() + "; it can no longer become " + next);
        }
    }

    private Evacuation written(Evacuation before, Evacuation after, EvacuationStep step, Actor by, String detail) {
        Evacuation written = store.update(after, after.entry(step, by, before.state(), clock.instant(), detail));
        if (written.state() != before.state()) {
            log.changed(before.state(), written);
        }
        return written;
    }
}
