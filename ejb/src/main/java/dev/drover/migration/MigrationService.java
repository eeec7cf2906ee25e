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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * All migrations of the fleet: those that wait and those that run, whoever asked for them. One lock guards the two
 * tables; nothing slow is done while it is held.
 */
@ApplicationScoped
public class MigrationService {

    private final Map<UUID, Migration> waiting = new LinkedHashMap<>();
    private final Map<UUID, MigrationRun> running = new LinkedHashMap<>();
    private final Map<UUID, CompletableFuture<Migration>> ends = new LinkedHashMap<>();
    private final Map<UUID, Integer> tries = new HashMap<>();
    private final Set<UUID> held = new HashSet<>();
    private final MigrationContext context;
    private final MigrationScheduler scheduler;
    private final MigrationRun.Turn turn = new Turn();
    private boolean closed;

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
        this.scheduler = scheduler;
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
        synchronized (this) {
            wanted.forEach(this::refuseSecondOfDomain);
            wanted.forEach(this::enqueue);
            // held back until the rows are on disk
            wanted.forEach(migration -> held.add(migration.id()));
        }
        try {
            journalled.run();
        } catch (RuntimeException e) {
            synchronized (this) {
                wanted.forEach(migration -> forget(migration.id()));
            }
            throw e;
        }
        synchronized (this) {
            wanted.forEach(migration -> held.remove(migration.id()));
        }
        pump();
    }

    /** {@link #submit(List, Runnable)}, journalled as rows that belong to no evacuation. */
    public void submit(List<Migration> planned, Actor by) {
        submit(planned, () -> context.journal().insert(planned, by));
    }

    private void refuseSecondOfDomain(Migration migration) {
        unfinishedOf(migration.domain()).ifPresent(other -> {
            throw new FailureException(
                    FailureCode.ALREADY_MIGRATING,
                    "domain '" + migration.domainName() + "' is being migrated already (migration " + other.id() + ", "
                            + other.state() + "); wait for its end or abort it");
        });
    }

    private Optional<Migration> unfinishedOf(UUID domain) {
        return waiting.values().stream()
                .filter(migration -> migration.domain().equals(domain))
                .findFirst()
                .or(() -> running.values().stream()
                        .map(MigrationRun::migration)
                        .filter(migration -> migration.domain().equals(domain))
                        .findFirst());
    }

    private void enqueue(Migration migration) {
        waiting.put(migration.id(), migration);
        ends.putIfAbsent(migration.id(), new CompletableFuture<>());
    }

    private void forget(UUID id) {
        waiting.remove(id);
        held.remove(id);
        ends.remove(id);
        tries.remove(id);
    }

    /**
     * Takes up the unfinished rows that an earlier life of the server left: waiting ones wait again, of the others it is
     * found out what became of them before anything else is done with their domains.
     */
    public void takeUp(List<Migration> unfinished) {
        List<MigrationRun> unclear = new ArrayList<>();
        synchronized (this) {
            for (Migration migration : unfinished) {
                if (waiting.containsKey(migration.id()) || running.containsKey(migration.id())) {
                    continue;
                }
                if (migration.state() == MigrationState.RUNNING) {
                    MigrationRun run = run(migration);
                    ends.putIfAbsent(migration.id(), new CompletableFuture<>());
                    unclear.add(run);
                } else {
                    enqueue(migration);
                }
            }
        }
        unclear.forEach(run -> context.executor().execute(run::takeUp));
        pump();
    }

    /** Starts nothing further of that evacuation until {@link #release}; what runs goes on. */
    public synchronized void hold(UUID evacuation) {
        held.add(evacuation);
    }

    public void release(UUID evacuation) {
        boolean was;
        synchronized (this) {
            was = held.remove(evacuation);
        }
        if (was) {
            pump();
        }
    }

    /** Those that have had their turn and have not ended. */
    public synchronized List<Migration> underWay() {
        return running.values().stream().map(MigrationRun::migration).toList();
    }

    /** How many of the evacuation's migrations are under way. */
    public synchronized long running(UUID evacuation) {
        return running.values().stream()
                .filter(run -> evacuation.equals(run.migration().evacuation()))
                .count();
    }

    /** Memory promised to migrations on their way to that host, MiB. */
    public synchronized long reservedMiB(String host) {
        long queued = waiting.values().stream()
                .filter(migration -> host.equals(migration.route().destination()))
                .mapToLong(Migration::memoryMiB)
                .sum();
        return queued
                + running.values().stream()
                        .map(MigrationRun::migration)
                        .filter(migration -> host.equals(migration.route().destination()))
                        .mapToLong(Migration::memoryMiB)
                        .sum();
    }

    /** Whether an unfinished migration leaves or enters that host. */
    public synchronized boolean uses(String host) {
        return Stream.concat(
                        waiting.values().stream(), running.values().stream().map(MigrationRun::migration))
                .map(Migration::route)
                .anyMatch(route -> host.equals(route.source()) || host.equals(route.destination()));
    }

    /** The latest figures of a running migration. */
    public synchronized Optional<JobStats> progress(UUID id) {
        return Optional.ofNullable(running.get(id)).map(MigrationRun::stats);
    }

    /** The end of a migration that is not finished yet; for one that is, or is unknown, empty. */
    public synchronized Optional<CompletionStage<Migration>> end(UUID id) {
        return Optional.ofNullable(ends.get(id));
    }

    /**
     * Calls a migration off: a waiting one at once, a running one as soon as its hypervisor has stopped it.
     *
     * @throws FailureException when the hypervisor cannot abort, or it is too late
     */
    public void abort(UUID id, Actor by) {
        Migration taken;
        MigrationRun run;
        synchronized (this) {
            taken = waiting.remove(id);
            run = running.get(id);
        }
        if (taken != null) {
            cancel(taken, Failure.of(FailureCode.ABORTED, "called off before it had started"), by);
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

    private synchronized MigrationRun underWay(Migration migration) {
        MigrationRun run = running.get(migration.id());
        if (run == null) {
            throw JobControl.notUnderWay(migration);
        }
        return run;
    }

    /** Cancels all of the evacuation's migrations that have not started. */
    public void cancelWaiting(UUID evacuation, Failure why, Actor by) {
        List<Migration> taken;
        synchronized (this) {
            taken = waiting.values().stream()
                    .filter(migration -> evacuation.equals(migration.evacuation()))
                    .toList();
            taken.forEach(migration -> waiting.remove(migration.id()));
        }
        taken.forEach(migration -> cancel(migration, why, by));
    }

    private void cancel(Migration migration, Failure why, Actor by) {
        Migration cancelled = migration.cancelled(context.now(), why, 0);
        AuditEntry entry = cancelled.entry(MigrationStep.CANCEL, by, migration.state(), context.now(), why.message());
        new Outcomes(context)
                .write(
                        migration,
                        () -> context.journal().update(cancelled, entry),
                        written -> finish(migration.state(), written),
                        () -> forgetAll(List.of(migration)));
    }

    /** Stops following those of an evacuation and touches nothing: their record is closed by somebody else. */
    public void abandon(UUID evacuation) {
        List<MigrationRun> runs;
        synchronized (this) {
            waiting.values().stream()
                    .filter(migration -> evacuation.equals(migration.evacuation()))
                    .map(Migration::id)
                    .toList()
                    .forEach(waiting::remove);
            runs = running.values().stream()
                    .filter(run -> evacuation.equals(run.migration().evacuation()))
                    .toList();
            runs.forEach(run -> running.remove(run.migration().id()));
        }
        runs.forEach(MigrationRun::drop);
        pump();
    }

    /** Tells those who wait that an abandoned migration's record was closed. */
    public void closed(MigrationState before, Migration migration) {
        finish(before, migration);
    }

    /** Drops everything: another server owns it now. */
    public void dropAll() {
        List<MigrationRun> runs;
        synchronized (this) {
            runs = List.copyOf(running.values());
            running.clear();
            waiting.clear();
            held.clear();
            tries.clear();
        }
        runs.forEach(MigrationRun::drop);
    }

    /**
     * The server ends: nothing starts any more. Migrations that go on without it are left to the next start; those that
     * would die with it are waited for, then aborted.
     *
     * @return complete when nothing is left that the end would break, or when the bound has passed twice
     */
    public CompletionStage<Void> close() {
        synchronized (this) {
            closed = true;
        }
        var done = new CompletableFuture<Void>();
        drain(done, context.timers().uptime(), false);
        return done;
    }

    private void drain(CompletableFuture<Void> done, Duration since, boolean aborted) {
        List<MigrationRun> dying;
        synchronized (this) {
            dying = running.values().stream()
                    .filter(MigrationRun::diesWithClient)
                    .toList();
        }
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
            dying.forEach(run -> run.control().giveUp(why));
        }
        context.timers().after(context.config().statsInterval(), () -> context.executor()
                .execute(() -> drain(done, since, late)));
    }

    private synchronized void forgetAll(List<Migration> migrations) {
        migrations.forEach(migration -> forget(migration.id()));
    }

    private MigrationRun run(Migration migration) {
        Attempt attempt = migration.attempt();
        int begun = attempt == null ? 0 : attempt.number();
        int earlier = migration.state() == MigrationState.RUNNING ? begun - 1 : begun;
        MigrationRun run =
                new MigrationRun(context, migration, turn, Math.max(earlier, tries.getOrDefault(migration.id(), 0)));
        running.put(migration.id(), run);
        tries.merge(migration.id(), 1, Integer::sum);
        return run;
    }

    private void pump() {
        List<MigrationRun> admitted = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            List<Migration> ready = waiting.values().stream()
                    .filter(migration -> !held.contains(migration.id()))
                    .filter(migration -> migration.evacuation() == null || !held.contains(migration.evacuation()))
                    .toList();
            List<Migration> now =
                    running.values().stream().map(MigrationRun::migration).toList();
            for (Migration migration : scheduler.admit(ready, now)) {
                waiting.remove(migration.id());
                admitted.add(run(migration));
            }
        }
        admitted.forEach(run -> context.executor().execute(run::begin));
    }

    private final class Turn implements MigrationRun.Turn {

        @Override
        public void ended(MigrationState before, Migration migration) {
            synchronized (MigrationService.this) {
                running.remove(migration.id());
            }
            finish(before, migration);
            pump();
        }

        @Override
        public void again(MigrationState before, Migration migration, Duration wait) {
            synchronized (MigrationService.this) {
                running.remove(migration.id());
                enqueue(migration);
                if (!wait.isZero()) {
                    held.add(migration.id());
                }
            }
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
            synchronized (MigrationService.this) {
                running.remove(migration.id());
                forget(migration.id());
            }
            pump();
        }
    }

    private void finish(MigrationState before, Migration migration) {
        CompletableFuture<Migration> end;
        synchronized (this) {
            end = ends.remove(migration.id());
            tries.remove(migration.id());
        }
        context.listener().changed(before, migration);
        if (Objects.nonNull(end)) {
            end.complete(migration);
        }
    }
}
