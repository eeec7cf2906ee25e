package dev.drover.memory;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.memory.InMemoryDatabase.Owned;
import dev.drover.migration.Journal;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationState;
import dev.drover.migration.MigrationStep;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.ownership.Life;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The journal in memory, seen by one server. */
final class InMemoryJournal implements Journal {

    private final InMemoryDatabase database;
    private final Supplier<Life> life;

    InMemoryJournal(InMemoryDatabase database, Supplier<Life> life) {
        this.database = database;
        this.life = life;
    }

    @Override
    public void insert(List<Migration> migrations, Actor by) {
        database.write(() -> {
            database.requireAlive(life.get());
            add(database, migrations, life.get(), by);
            return true;
        });
    }

    static void add(InMemoryDatabase database, List<Migration> migrations, Life owner, Actor by) {
        migrations.forEach(migration -> refuseSecond(database, migration));
        for (Migration migration : migrations) {
            database.migrations.put(migration.id(), new Owned<>(migration, owner.id()));
            MigrationStep step = migration.state() == MigrationState.BLOCKED ? MigrationStep.BLOCK : MigrationStep.PLAN;
            database.append(migration.entry(step, by, null, migration.createdAt(), ""));
        }
    }

    private static void refuseSecond(InMemoryDatabase database, Migration migration) {
        boolean taken = !migration.state().isFinal()
                && database.migrations.values().stream()
                        .map(Owned::row)
                        .anyMatch(other -> other.domain().equals(migration.domain())
                                && !other.state().isFinal());
        if (taken) {
            throw new FailureException(
                    FailureCode.ALREADY_MIGRATING, migration.domainName() + " is on its way already");
        }
    }

    @Override
    public Migration update(Migration migration, AuditEntry entry) {
        return database.write(() -> {
            Owned<Migration> known = database.migrations.get(migration.id());
            if (known == null) {
                throw new IllegalStateException("migration " + migration.id() + " is not in the journal");
            }
            if (known.row().state().isFinal()) {
                return known.row();
            }
            InMemoryDatabase.requireOwner(known.owner(), life.get());
            Migration written = numbered(migration);
            database.migrations.put(written.id(), new Owned<>(written, known.owner()));
            database.append(entry);
            return written;
        });
    }

    private Migration numbered(Migration migration) {
        UUID evacuation = migration.evacuation();
        if (!migration.state().isFinal() || evacuation == null) {
            return migration;
        }
        int last = rows(row -> evacuation.equals(row.evacuation()))
                .mapToInt(Migration::finishOrder)
                .max()
                .orElse(0);
        return migration.numbered(last + 1);
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
    public Optional<Migration> find(UUID id) {
        return database.read(() -> rows(row -> row.id().equals(id)).findFirst());
    }

    @Override
    public List<Migration> ofEvacuation(UUID evacuation) {
        return database.read(() -> rows(row -> evacuation.equals(row.evacuation()))
                .sorted(Comparator.comparingInt(Migration::position))
                .toList());
    }

    @Override
    public List<Migration> finishedAfter(UUID evacuation, int order) {
        return database.read(() -> rows(row -> evacuation.equals(row.evacuation()) && row.finishOrder() > order)
                .sorted(Comparator.comparingInt(Migration::finishOrder))
                .toList());
    }

    @Override
    public List<Migration> unfinished() {
        return database.read(() -> database.migrations.values().stream()
                .filter(owned -> owned.owner().equals(life.get().id())
                        && !owned.row().state().isFinal())
                .map(Owned::row)
                .toList());
    }

    @Override
    public List<Migration> unsettled() {
        return database.read(() -> rows(Migration::needsHelp)
                .filter(row -> database.entries.stream().noneMatch(entry -> isAcknowledged(row, entry)))
                .sorted(Comparator.comparing(row -> Objects.requireNonNull(row.finishedAt())))
                .toList());
    }

    private static boolean isAcknowledged(Migration row, AuditEntry entry) {
        return row.id().equals(entry.migration()) && entry.what().equals(MigrationStep.ACKNOWLEDGE.name());
    }

    @Override
    public List<Migration> newest(int limit) {
        return database.read(() -> rows(row -> true)
                .sorted(Comparator.comparing(Migration::createdAt).reversed())
                .limit(limit)
                .toList());
    }

    private Stream<Migration> rows(Predicate<Migration> which) {
        return database.migrations.values().stream().map(Owned::row).filter(which);
    }
}
