package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.ownership.Ownership;
import dev.drover.pool.ConnectionPool;
import dev.drover.time.Timers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** All migrations of the fleet, those that wait and those that run, whoever asked for them, and what is done to them. */
@ApplicationScoped
public class MigrationService {

    private final MigrationContext context;
    private final Turns turns;
    private final MigrationRun.Turn turn = new Turn();

    @Inject
    public MigrationService(
            Journal journal,
            ConnectionPool pool,
            MigrationScheduler scheduler,
            MigrationConfig config,
            MigrationListener listener,
            Ownership ownership,
            Timers timers,
            Executor executor) {
        this.context = new MigrationContext(journal, pool, config, listener, ownership, timers, executor);
        this.turns = new Turns(scheduler, (migration, tries) -> new MigrationRun(context, migration, turn, tries));
    }

    /**
     * Takes new migrations and starts them as the scheduler admits them.
     *
     * @param journalled puts the rows on disk; when it fails nothing is taken
     * @throws FailureException {@link FailureCode#ALREADY_MIGRATING} when one of the domains is on its way already;
     *     nothing is taken then
     */
    public void submit(List<Migration> planned, Runnable journalled) {
        List<Migration> wanted = planned.stream()
                .filter(migration -> migration.state() == MigrationState.PLANNED)
                .toList();
        // held back until the rows are on disk
        turns.queueHeld(wanted);
        try {
            journalled.run();
        } catch (RuntimeException e) {
            wanted.forEach(migration -> turns.forget(migration.id()));
            throw e;
        }
        wanted.forEach(migration -> turns.release(migration.id()));
        pump();
    }

    /** {@link #submit(List, Runnable)}, journalled as rows that belong to no evacuation. */
    public void submit(List<Migration> planned, Actor by) {
        submit(planned, () -> context.journal().insert(planned, by));
    }

    /**
     * Takes up the unfinished rows that an earlier life of the server left: waiting ones wait again, of the others it is
     * found out what became of them before anything else is done with their domains.
     */
    public void takeUp(List<Migration> unfinished) {
        turns.inherit(unfinished).forEach(run -> context.executor().execute(run::takeUp));
        pump();
    }

    /** Starts nothing further of that evacuation until {@link #release}; what runs goes on. */
    public void hold(UUID evacuation) {
        turns.hold(evacuation);
    }

    public void release(UUID evacuation) {
        if (turns.release(evacuation)) {
            pump();
        }
    }

    /** Those that have had their turn and have not ended. */
    public List<Migration> underWay() {
        return turns.underWay();
    }

    /** Those that wait or are under way. */
    public List<Migration> unfinished() {
        return turns.all();
    }

    /** How many of the evacuation's migrations are under way. */
    public long running(UUID evacuation) {
        return turns.underWay().stream()
                .filter(migration -> evacuation.equals(migration.evacuation()))
                .count();
    }

    /** Memory promised to migrations on their way to that host, MiB. */
    public long reservedMiB(String host) {
        return turns.all().stream()
                .filter(migration -> host.equals(migration.route().destination()))
                .mapToLong(Migration::memoryMiB)
                .sum();
    }

    /** Whether an unfinished migration leaves or enters that host. */
    public boolean uses(String host) {
        return turns.all().stream()
                .map(Migration::route)
                .anyMatch(route -> host.equals(route.source()) || host.equals(route.destination()));
    }

    /** The latest figures of a running migration. */
    public Optional<JobStats> progress(UUID id) {
        return turns.run(id).map(MigrationRun::stats);
    }

    /** The end of a migration that is not finished yet; for one that is, or is unknown, empty. */
    public Optional<CompletionStage<Migration>> end(UUID id) {
        return turns.end(id);
    }

    /**
     * Calls a migration off: a waiting one at once, a running one as soon as its hypervisor has stopped it.
     *
     * @throws FailureException when the hypervisor cannot abort, or it is too late
     */
    public void abort(UUID id, Actor by) {
        Turns.Place place = turns.callOff(id);
        Migration taken = place.waiting();
        MigrationRun run = place.running();
        if (taken != null) {
            cancel(taken, Ending.CALLED_OFF, by);
        } else if (run != null) {
            run.control().abort(by);
        }
    }

    /**
     * Asks something of a migration under way; returns when the hypervisor has taken it.
     *
     * @throws FailureException when nothing of it is under way, or the hypervisor refuses
     */
    public void ask(
            Migration migration,
            MigrationStep step,
            Actor by,
            String detail,
            Function<MigrationJob, CompletionStage<Void>> verb) {
        underWay(migration).control().ask(step, by, detail, verb);
    }

    /** {@link #ask} for the switch to post-copy. */
    public void startPostCopy(Migration migration, Actor by) {
        underWay(migration).control().startPostCopy(by);
    }

    private MigrationRun underWay(Migration migration) {
        return turns.run(migration.id()).orElseThrow(() -> JobControl.notUnderWay(migration));
    }

    /** Cancels all of the evacuation's migrations that have not started. */
    public void cancelWaiting(UUID evacuation, Failure why, Actor by) {
        turns.callOffAll(evacuation).forEach(migration -> cancel(migration, why, by));
    }

    private void cancel(Migration migration, Failure why, Actor by) {
        Migration cancelled = migration.cancelled(context.now(), why, 0);
        AuditEntry entry = cancelled.entry(MigrationStep.CANCEL, by, migration.state(), context.now(), why.message());
        new Outcomes(context)
                .write(
                        migration,
                        () -> context.journal().update(cancelled, entry),
                        written -> finish(migration.state(), written),
                        () -> turns.forget(migration.id()));
    }

    /** Stops following those of an evacuation and touches nothing: their record is closed by somebody else. */
    public void abandon(UUID evacuation) {
        turns.abandon(evacuation).forEach(MigrationRun::drop);
        pump();
    }

    /** Tells those who wait that an abandoned migration's record was closed. */
    public void closed(MigrationState before, Migration migration) {
        finish(before, migration);
    }

    /** Drops everything: another server owns it now. */
    public void dropAll() {
        turns.abandonAll().forEach(MigrationRun::drop);
    }

    /**
     * The server ends: nothing starts any more. Migrations that go on without it are left to the next start; those that
     * would die with it are waited for, then aborted.
     *
     * @return complete when nothing is left that the end would break, or when the bound has passed twice
     */
    public CompletionStage<Void> close() {
        turns.close();
        var done = new CompletableFuture<Void>();
        drain(done, context.timers().uptime(), false);
        return done;
    }

    private void drain(CompletableFuture<Void> done, Duration since, boolean aborted) {
        List<MigrationRun> dying =
                turns.runs().stream().filter(MigrationRun::diesWithClient).toList();
        Duration waited = context.timers().uptime().minus(since);
        Duration bound = context.config().drain();
        if (dying.isEmpty() || waited.compareTo(bound.multipliedBy(2)) >= 0) {
            dropAll();
            done.complete(null);
            return;
        }
        boolean late = waited.compareTo(bound) >= 0;
        if (late && !aborted) {
            Failure why = Failure.of(FailureCode.ABORTED, "the server ends, and this migration would not outlive it");
            dying.forEach(run -> run.control().handOver(why));
        }
        context.timers().after(context.config().statsInterval(), () -> context.executor()
                .execute(() -> drain(done, since, late)));
    }

    private void pump() {
        turns.admit().forEach(run -> context.executor().execute(run::begin));
    }

    private void finish(MigrationState before, Migration migration) {
        CompletableFuture<Migration> end = turns.ended(migration.id());
        context.listener().changed(before, migration);
        if (end != null) {
            end.complete(migration);
        }
    }

    private final class Turn implements MigrationRun.Turn {

        @Override
        public void ended(MigrationState before, Migration migration) {
            turns.over(migration);
            finish(before, migration);
            pump();
        }

        @Override
        public void again(MigrationState before, Migration migration, Duration wait) {
            turns.requeue(migration, !wait.isZero());
            if (before != migration.state()) {
                context.listener().changed(before, migration);
            }
            if (!wait.isZero()) {
                context.timers().after(wait, () -> context.executor().execute(() -> release(migration.id())));
            }
            pump();
        }

        @Override
        public void lost(Migration migration) {
            turns.forget(migration.id());
            pump();
        }
    }
}
