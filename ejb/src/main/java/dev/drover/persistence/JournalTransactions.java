package dev.drover.persistence;

import dev.drover.migration.Migration;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
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

    public void insert(List<Migration> migrations) {
        migrations.forEach(migration -> database.persist(new MigrationRow(migration)));
    }

    public Migration merge(Migration migration) {
        return database.merge(new MigrationRow(migration)).migration();
    }

    /** Gives it the next place among the evacuation's finished ones. */
    public Migration mergeFinished(Migration migration) {
        int last = database.createQuery(
                        "select coalesce(max(m.finishOrder), 0) from MigrationRow m where m.evacuation = :evacuation",
                        Integer.class)
                .setParameter("evacuation", migration.evacuation())
                .getSingleResult();
        return merge(migration.numbered(last + 1));
    }

    public Optional<Migration> find(UUID id) {
        return Optional.ofNullable(database.find(MigrationRow.class, id)).map(MigrationRow::migration);
    }

    public List<Migration> query(String jpql, int limit, Object... parameters) {
        var query = database.createQuery(jpql, MigrationRow.class).setMaxResults(limit);
        for (int i = 0; i < parameters.length; i++) {
            query.setParameter(i + 1, parameters[i]);
        }
        return query.getResultStream().map(MigrationRow::migration).toList();
    }
}
