package dev.drover.persistence;

import dev.drover.audit.AuditEntry;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationState;
import dev.drover.model.FailureCode;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** The journal's transactions: each is on disk when its method returns, whatever the caller's own one does. */
@ApplicationScoped
@Transactional(Transactional.TxType.REQUIRES_NEW)
@NullUnmarked
public class JournalTransactions {

    @PersistenceContext(unitName = "drover")
    private EntityManager database;

    @Inject
    private Fence fence;

    public void insert(List<Migration> migrations, List<AuditEntry> entries) {
        fence.requireAlive(database);
        migrations.forEach(migration -> database.persist(new MigrationRow(migration, fence.owner())));
        // before the entries: their generated numbers would send the rows first, and past this refusal
        Fence.flush(
                database,
                FailureCode.ALREADY_MIGRATING,
                "a domain among them is being migrated already; wait for its end or abort it");
        entries.forEach(entry -> database.persist(new EntryRow(entry)));
        database.flush();
    }

    public Migration update(Migration migration, AuditEntry entry) {
        MigrationRow row = database.find(MigrationRow.class, migration.id(), LockModeType.PESSIMISTIC_WRITE);
        if (row == null) {
            throw new IllegalStateException("migration " + migration.id() + " is not in the journal");
        }
        if (row.isFinal()) {
            return row.migration();
        }
        fence.require(row.owner(), "migration " + migration.id() + " of '" + migration.domainName() + "'");
        row.set(numbered(migration));
        database.persist(new EntryRow(entry));
        database.flush();
        return row.migration();
    }

    // the next place among the evacuation's finished ones
    private Migration numbered(Migration migration) {
        if (!migration.state().isFinal() || migration.evacuation() == null) {
            return migration;
        }
        int last = database.createQuery(
                        "select coalesce(max(m.finishOrder), 0) from MigrationRow m where m.evacuation = :evacuation",
                        Integer.class)
                .setParameter("evacuation", migration.evacuation())
                .getSingleResult();
        return migration.numbered(last + 1);
    }

    public void note(AuditEntry entry) {
        fence.requireAlive(database);
        database.persist(new EntryRow(entry));
        database.flush();
    }

    public Optional<Migration> find(UUID id) {
        return Optional.ofNullable(database.find(MigrationRow.class, id)).map(MigrationRow::migration);
    }

    public List<Migration> unfinished() {
        return query(
                "select m from MigrationRow m where m.owner = ?1 and m.state in (?2, ?3) order by m.createdAt, m.position",
                Integer.MAX_VALUE,
                fence.owner(),
                MigrationState.PLANNED,
                MigrationState.RUNNING);
    }

    public List<Migration> query(String jpql, int limit, Object... parameters) {
        var query = database.createQuery(jpql, MigrationRow.class).setMaxResults(limit);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query.getResultStream().map(MigrationRow::migration).toList();
    }
}
