package dev.drover.migration;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which migrations wait for their turn, which have it, and whose ends are waited for. One lock guards all of it; nothing
 * slow is done while it is held, and no migration is touched here.
 */
final class Turns {

    private final Map<UUID, Migration> waiting = new LinkedHashMap<>();
    private final Map<UUID, MigrationRun> running = new LinkedHashMap<>();
    private final Map<UUID, CompletableFuture<Migration>> ends = new LinkedHashMap<>();
    private final Map<UUID, Integer> tries = new HashMap<>();
    private final Set<UUID> held = new HashSet<>();
    private final MigrationScheduler scheduler;
    private final NewRun newRun;
    private boolean closed;

    /** Makes the run of a migration that gets its turn. */
    interface NewRun {

        /** @param tries how often it had its turn before, begun or not */
        MigrationRun of(Migration migration, int tries);
    }

    /** Where one was found: in the queue, which it has left by that, or under way; both null for any other. */
    record Place(@Nullable Migration waiting, @Nullable MigrationRun running) {}

    Turns(MigrationScheduler scheduler, NewRun newRun) {
        this.scheduler = scheduler;
        this.newRun = newRun;
    }

    /**
     * Queues new ones and holds each back until {@link #release}.
     *
     * @throws FailureException {@link FailureCode#ALREADY_MIGRATING} when one of the domains is on its way already;
     *     nothing is queued then
     */
    synchronized void queueHeld(List<Migration> wanted) {
        wanted.forEach(this::refuseSecondOfDomain);
        wanted.forEach(this::queue);
        wanted.forEach(migration -> held.add(migration.id()));
    }

    private void refuseSecondOfDomain(Migration migration) {
        unfinished()
                .filter(other -> other.domain().equals(migration.domain()))
                .findFirst()
                .ifPresent(other -> {
                    throw new FailureException(
                            FailureCode.ALREADY_MIGRATING,
                            "domain '" + migration.domainName() + "' is being migrated already (migration " + other.id()
                                    + ", " + other.state() + "); wait for its end or abort it");
                });
    }

    private void queue(Migration migration) {
        waiting.put(migration.id(), migration);
        ends.putIfAbsent(migration.id(), new CompletableFuture<>());
    }

    /** Those of an earlier life that are not known yet. @return the runs of those that were under way */
    synchronized List<MigrationRun> inherit(List<Migration> unfinished) {
        List<MigrationRun> unclear = new ArrayList<>();
        for (Migration migration : unfinished) {
            if (waiting.containsKey(migration.id()) || running.containsKey(migration.id())) {
                continue;
            }
            if (migration.state() == MigrationState.RUNNING) {
                unclear.add(run(migration));
                ends.putIfAbsent(migration.id(), new CompletableFuture<>());
            } else {
                queue(migration);
            }
        }
        return unclear;
    }

    /** Gives those their turn that the scheduler admits. @return their runs, not begun yet */
    synchronized List<MigrationRun> admit() {
        if (closed) {
            return List.of();
        }
        List<Migration> ready = waiting.values().stream()
                .filter(migration -> !held.contains(migration.id()))
                .filter(migration -> migration.evacuation() == null || !held.contains(migration.evacuation()))
                .toList();
        List<MigrationRun> admitted = new ArrayList<>();
        for (Migration migration : scheduler.admit(ready, underWay())) {
            waiting.remove(migration.id());
            admitted.add(run(migration));
        }
        return admitted;
    }

    private MigrationRun run(Migration migration) {
        Attempt attempt = migration.attempt();
        int begun = attempt == null ? 0 : attempt.number();
        int earlier = migration.state() == MigrationState.RUNNING ? begun - 1 : begun;
        MigrationRun run = newRun.of(migration, Math.max(earlier, tries.getOrDefault(migration.id(), 0)));
        running.put(migration.id(), run);
        tries.merge(migration.id(), 1, Integer::sum);
        return run;
    }

    /** Its turn is over and it waits for another. @param hold whether {@link #release} has to come first */
    synchronized void requeue(Migration migration, boolean hold) {
        running.remove(migration.id());
        queue(migration);
        if (hold) {
            held.add(migration.id());
        }
    }

    /** Its turn is over. */
    synchronized void over(Migration migration) {
        running.remove(migration.id());
    }

    /** It has ended. @return whom to tell; null when nobody knew it */
    synchronized @Nullable CompletableFuture<Migration> ended(UUID id) {
        tries.remove(id);
        return ends.remove(id);
    }

    /** Nothing is known of it any more, and nobody is told. */
    synchronized void forget(UUID id) {
        waiting.remove(id);
        running.remove(id);
        held.remove(id);
        ends.remove(id);
        tries.remove(id);
    }

    /** @param id a migration's or an evacuation's */
    synchronized void hold(UUID id) {
        held.add(id);
    }

    /** @return whether it was held */
    synchronized boolean release(UUID id) {
        return held.remove(id);
    }

    /** Takes it out of the queue, if it is there. */
    synchronized Place callOff(UUID id) {
        return new Place(waiting.remove(id), running.get(id));
    }

    /** Takes those of the evacuation out of the queue. */
    synchronized List<Migration> callOffAll(UUID evacuation) {
        List<Migration> taken = waiting.values().stream().filter(of(evacuation)).toList();
        taken.forEach(migration -> waiting.remove(migration.id()));
        return taken;
    }

    /** Those of the evacuation neither wait nor run any more. @return the runs that they had */
    synchronized List<MigrationRun> abandon(UUID evacuation) {
        callOffAll(evacuation);
        List<MigrationRun> runs = running.values().stream()
                .filter(run -> of(evacuation).test(run.migration()))
                .toList();
        runs.forEach(run -> running.remove(run.migration().id()));
        return runs;
    }

    private static Predicate<Migration> of(UUID evacuation) {
        return migration -> evacuation.equals(migration.evacuation());
    }

    /** Nobody waits or runs any more. @return the runs that there were */
    synchronized List<MigrationRun> abandonAll() {
        List<MigrationRun> runs = List.copyOf(running.values());
        running.clear();
        waiting.clear();
        held.clear();
        tries.clear();
        return runs;
    }

    /** Nobody gets a turn any more. */
    synchronized void close() {
        closed = true;
    }

    synchronized Optional<MigrationRun> run(UUID id) {
        return Optional.ofNullable(running.get(id));
    }

    synchronized List<MigrationRun> runs() {
        return List.copyOf(running.values());
    }

    /** Those that have their turn. */
    synchronized List<Migration> underWay() {
        return running.values().stream().map(MigrationRun::migration).toList();
    }

    /** Those that wait, then those that have their turn. */
    synchronized List<Migration> all() {
        return unfinished().toList();
    }

    private Stream<Migration> unfinished() {
        return Stream.concat(
                waiting.values().stream(), running.values().stream().map(MigrationRun::migration));
    }

    /** The end of one that is waited for. */
    synchronized Optional<CompletionStage<Migration>> end(UUID id) {
        return Optional.ofNullable(ends.get(id));
    }
}
