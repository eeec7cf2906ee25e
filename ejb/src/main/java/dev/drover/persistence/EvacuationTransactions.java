package dev.drover.persistence;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationState;
import dev.drover.evacuation.EvacuationStep;
import dev.drover.evacuation.EvacuationStore;
import dev.drover.migration.Migration;
import dev.drover.model.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** Evacuations in the database; each call is a transaction of its own. */
@ApplicationScoped
@Typed(EvacuationTransactions.class)
@Transactional(Transactional.TxType.REQUIRES_NEW)
@NullUnmarked
public class EvacuationTransactions implements EvacuationStore {

    private static final List<EvacuationState> UNFINISHED = Arrays.stream(EvacuationState.values())
            .filter(state -> !state.isFinal())
            .toList();

    @PersistenceContext(unitName = "drover")
    private EntityManager database;

    @Inject
    private Fence fence;

    @Override
    public void insert(Evacuation evacuation, List<Migration> migrations, Actor by) {
        fence.requireAlive(database);
        database.persist(new EvacuationRow(evacuation, fence.owner(), fence.node()));
        // before the entries: their generated numbers would send the rows first, and past this refusal
        Fence.flush(
                database,
                FailureCode.EVACUATION_RUNNING,
                "host: " + evacuation.host() + " is being emptied or filled already; follow that evacuation, or cancel"
                        + " it first");
        migrations.forEach(migration -> database.persist(new MigrationRow(migration, fence.owner())));
        Fence.flush(
                database,
                FailureCode.ALREADY_MIGRATING,
                "host: a domain of " + evacuation.host() + " is being migrated already; wait for its end or abort it");
        database.persist(new EntryRow(evacuation.entry(
                EvacuationStep.PLAN,
                by,
                null,
                evacuation.createdAt(),
                evacuation.kind() + " of " + evacuation.host())));
        migrations.forEach(migration -> database.persist(new EntryRow(JpaJournal.firstEntry(migration, by))));
        database.flush();
    }

    @Override
    public Evacuation update(Evacuation evacuation, AuditEntry entry) {
        EvacuationRow row = database.find(EvacuationRow.class, evacuation.id(), LockModeType.PESSIMISTIC_WRITE);
        if (row == null) {
            throw new IllegalStateException("evacuation " + evacuation.id() + " is not in the journal");
        }
        if (row.isFinal()) {
            return row.evacuation();
        }
        fence.require(row.owner(), "evacuation " + evacuation.id() + " of " + evacuation.host());
        row.set(evacuation, fence.node());
        database.persist(new EntryRow(entry));
        database.flush();
        return row.evacuation();
    }

    @Override
    public void note(AuditEntry entry) {
        fence.requireAlive(database);
        database.persist(new EntryRow(entry));
        database.flush();
    }

    @Override
    public List<Evacuation> own() {
        return database.createQuery(
                        "select e from EvacuationRow e where e.owner = :owner and e.state in :states"
                                + " order by e.createdAt",
                        EvacuationRow.class)
                .setParameter("owner", fence.owner())
                .setParameter("states", UNFINISHED)
                .getResultStream()
                .map(EvacuationRow::evacuation)
                .toList();
    }

    @Override
    public Optional<Evacuation> find(UUID id) {
        return Optional.ofNullable(database.find(EvacuationRow.class, id)).map(EvacuationRow::evacuation);
    }

    @Override
    public List<Evacuation> newest(int limit) {
        return database.createQuery("select e from EvacuationRow e order by e.createdAt desc", EvacuationRow.class)
                .setMaxResults(limit)
                .getResultStream()
                .map(EvacuationRow::evacuation)
                .toList();
    }

    @Override
    public List<Evacuation> unfinished() {
        return database.createQuery(
                        "select e from EvacuationRow e where e.state in :states order by e.createdAt",
                        EvacuationRow.class)
                .setParameter("states", UNFINISHED)
                .getResultStream()
                .map(EvacuationRow::evacuation)
                .toList();
    }

    @Override
    public Optional<Evacuation> ofExecutions(List<Long> executions) {
        return database.createQuery(
                        "select e from EvacuationRow e where e.execution in :executions"
                                + " and e.node = :node order by e.createdAt desc",
                        EvacuationRow.class)
                .setParameter("executions", executions)
                .setParameter("node", fence.node())
                .setMaxResults(1)
                .getResultStream()
                .map(EvacuationRow::evacuation)
                .findFirst();
    }

    @Override
    public Optional<Evacuation> lastCompleted(String host) {
        return database.createQuery(
                        "select e from EvacuationRow e where e.host = :host and e.state = :completed"
                                + " order by e.createdAt desc",
                        EvacuationRow.class)
                .setParameter("host", host)
                .setParameter("completed", EvacuationState.COMPLETED)
                .setMaxResults(1)
                .getResultStream()
                .map(EvacuationRow::evacuation)
                .filter(evacuation -> evacuation.kind() == Evacuation.Kind.EVACUATION)
                .findFirst();
    }
}
