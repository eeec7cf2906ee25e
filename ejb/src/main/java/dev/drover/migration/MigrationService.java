package dev.drover.migration;

import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.pool.ConnectionPool;
import dev.drover.time.Timers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
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

/**
 * All migrations of the fleet: those that wait and those that run, whoever asked for them. One lock guards the two
 * tables; nothing slow is done while it is held.
 */
@ApplicationScoped
public class MigrationService {

    private final Map<UUID, Migration> waiting = new LinkedHashMap<>();
    private final Map<UUID, MigrationRun> running = new LinkedHashMap<>();
    private final Map<UUID, CompletableFuture<Migration>> ends = new LinkedHashMap<>();
    private final Set<UUID> held = new HashSet<>();
    private final MigrationContext context;
    private final MigrationScheduler scheduler;

    @Inject
    public MigrationService(
            Journal journal,
            ConnectionPool pool,
            MigrationScheduler scheduler,
            MigrationConfig config,
            MigrationListener listener,
            Timers timers,
            Executor executor) {
        this.context = new MigrationContext(journal, pool, config, listener, timers, executor);
        this.scheduler = scheduler;
    }

    /**
     * Journals new migrations and starts them as the scheduler admits them.
     *
     * @throws FailureException {@link FailureCode#ALREADY_MIGRATING} when one of the domains is on its way already;
     *     nothing is taken then
     */
    public void submit(List<Migration> planned) {
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
            context.journal().insert(planned);
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
                    MigrationRun run = new MigrationRun(context, migration, this::ended, this::again);
                    running.put(migration.id(), run);
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
        synchronized (this) {
            held.remove(evacuation);
        }
        pump();
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
        return java.util.stream.Stream.concat(
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
    public void abort(UUID id) {
        Migration taken;
        MigrationRun run;
        synchronized (this) {
            taken = waiting.remove(id);
            run = running.get(id);
        }
        if (taken != null) {
            cancel(taken, Failure.of(FailureCode.ABORTED, "called off before it had started"));
        } else if (run != null) {
            run.abort();
        }
    }

    /**
     * Asks something of a migration under way; returns when the hypervisor has taken it.
     *
     * @throws FailureException when nothing of it is under way, or the hypervisor refuses
     */
    public void ask(Migration migration, Function<MigrationJob, CompletionStage<Void>> verb) {
        MigrationRun run;
        synchronized (this) {
            run = running.get(migration.id());
        }
        if (run == null) {
            throw MigrationRun.notUnderWay(migration);
        }
        run.ask(verb);
    }

    /** Cancels all of the evacuation's migrations that have not started. */
    public void cancelWaiting(UUID evacuation, Failure why) {
        List<Migration> taken;
        synchronized (this) {
            taken = waiting.values().stream()
                    .filter(migration -> evacuation.equals(migration.evacuation()))
                    .toList();
            taken.forEach(migration -> waiting.remove(migration.id()));
        }
        taken.forEach(migration -> cancel(migration, why));
    }

    private void cancel(Migration migration, Failure why) {
        Migration cancelled = context.journal().update(migration.cancelled(context.now(), why, 0));
        finish(migration.state(), cancelled);
    }

    private void pump() {
        List<MigrationRun> admitted = new ArrayList<>();
        synchronized (this) {
            List<Migration> ready = waiting.values().stream()
                    .filter(migration -> !held.contains(migration.id()))
                    .filter(migration -> migration.evacuation() == null || !held.contains(migration.evacuation()))
                    .toList();
            List<Migration> now =
                    running.values().stream().map(MigrationRun::migration).toList();
            for (Migration migration : scheduler.admit(ready, now)) {
                waiting.remove(migration.id());
                MigrationRun run = new MigrationRun(context, migration, this::ended, this::again);
                running.put(migration.id(), run);
                admitted.add(run);
            }
        }
        admitted.forEach(run -> context.executor().execute(run::begin));
    }

    private void ended(MigrationState before, Migration migration) {
        synchronized (this) {
            running.remove(migration.id());
        }
        finish(before, migration);
        pump();
    }

    // it was found not to have moved after a restart: it waits for its turn like any other
    private void again(Migration migration) {
        synchronized (this) {
            running.remove(migration.id());
            enqueue(migration);
        }
        context.listener().changed(MigrationState.RUNNING, migration);
        pump();
    }

    private void finish(MigrationState before, Migration migration) {
        CompletableFuture<Migration> end;
        synchronized (this) {
            end = ends.remove(migration.id());
        }
        context.listener().changed(before, migration);
        if (Objects.nonNull(end)) {
            end.complete(migration);
        }
    }
}
