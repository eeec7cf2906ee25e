package dev.drover.memory;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationState;
import dev.drover.evacuation.EvacuationStep;
import dev.drover.evacuation.EvacuationStore;
import dev.drover.memory.InMemoryDatabase.Owned;
import dev.drover.migration.Migration;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.ownership.Life;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Evacuations in memory, seen by one server. */
final class InMemoryEvacuations implements EvacuationStore {

    private final InMemoryDatabase database;
    private final Supplier<Life> life;

    InMemoryEvacuations(InMemoryDatabase database, Supplier<Life> life) {
        this.database = database;
        this.life = life;
    }

    @Override
    public void insert(Evacuation evacuation, List<Migration> migrations, Actor by) {
        database.write(() -> {
            database.requireAlive(life.get());
            if (!rows(other -> other.host().equals(evacuation.host())
                            && !other.state().isFinal())
                    .isEmpty()) {
                throw new FailureException(
                        FailureCode.EVACUATION_RUNNING, evacuation.host() + " is being emptied already");
            }
            InMemoryJournal.add(database, migrations, life.get(), by);
            database.evacuations.put(
                    evacuation.id(), new Owned<>(evacuation, life.get().id()));
            database.append(evacuation.entry(EvacuationStep.PLAN, by, null, evacuation.createdAt(), ""));
            return true;
        });
    }

    @Override
    public Evacuation update(Evacuation evacuation, AuditEntry entry) {
        return database.write(() -> {
            Owned<Evacuation> known = database.evacuations.get(evacuation.id());
            if (known == null) {
                throw new IllegalStateException("evacuation " + evacuation.id() + " is not in the journal");
            }
            if (known.row().state().isFinal()) {
                return known.row();
            }
            InMemoryDatabase.requireOwner(known.owner(), life.get());
            database.evacuations.put(evacuation.id(), new Owned<>(evacuation, known.owner()));
            database.executedOn.put(evacuation.id(), life.get().node());
            database.append(entry);
            return evacuation;
        });
    }

    @Override
    public void note(AuditEntry entry) {
        database.write(() -> {
            database.requireAlive(life.get());
            database.append(entry);
            return true;
        });
    }

    @Override
    public Optional<Evacuation> find(UUID id) {
        return database.read(
                () -> Optional.ofNullable(database.evacuations.get(id)).map(Owned::row));
    }

    @Override
    public List<Evacuation> newest(int limit) {
        return database.read(() -> rows(row -> true).stream().limit(limit).toList());
    }

    @Override
    public List<Evacuation> unfinished() {
        return database.read(() -> rows(row -> !row.state().isFinal()));
    }

    @Override
    public List<Evacuation> own() {
        return database.read(() -> database.evacuations.values().stream()
                .filter(owned -> owned.owner().equals(life.get().id())
                        && !owned.row().state().isFinal())
                .map(Owned::row)
                .toList());
    }

    @Override
    public Optional<Evacuation> ofExecutions(List<Long> executions) {
        return database.read(() -> rows(row -> executions.contains(row.execution())
                        && life.get().node().equals(database.executedOn.get(row.id())))
                .stream()
                .findFirst());
    }

    @Override
    public Optional<Evacuation> lastCompleted(String host) {
        return database.read(
                () -> rows(row -> row.host().equals(host) && row.state() == EvacuationState.COMPLETED).stream()
                        .findFirst()
                        .filter(row -> row.kind() == Evacuation.Kind.EVACUATION));
    }

    private List<Evacuation> rows(Predicate<Evacuation> which) {
        return database.evacuations.values().stream()
                .map(Owned::row)
                .filter(which)
                .sorted(Comparator.comparing(Evacuation::createdAt).reversed())
                .toList();
    }
}
