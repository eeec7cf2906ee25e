package dev.drover.persistence;

import dev.drover.migration.Journal;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** The journal in the database. Finishing is one at a time, so that the order of finishing has no ties. */
@ApplicationScoped
@NullUnmarked
public class JpaJournal implements Journal {

    private final JournalTransactions transactions;

    @Inject
    public JpaJournal(JournalTransactions transactions) {
        this.transactions = transactions;
    }

    protected JpaJournal() {
        this(null);
    }

    @Override
    public void insert(List<Migration> migrations) {
        transactions.insert(migrations);
    }

    @Override
    public Migration update(Migration migration) {
        if (!migration.state().isFinal() || migration.evacuation() == null) {
            return transactions.merge(migration);
        }
        synchronized (this) {
            return transactions.mergeFinished(migration);
        }
    }

    @Override
    public Optional<Migration> find(UUID id) {
        return transactions.find(id);
    }

    @Override
    public List<Migration> ofEvacuation(UUID evacuation) {
        return transactions.query(
                "select m from MigrationRow m where m.evacuation = ?1 order by m.position",
                Integer.MAX_VALUE,
                evacuation);
    }

    @Override
    public List<Migration> finishedAfter(UUID evacuation, int order) {
        return transactions.query(
                "select m from MigrationRow m where m.evacuation = ?1 and m.finishOrder > ?2 order by m.finishOrder",
                Integer.MAX_VALUE,
                evacuation,
                order);
    }

    @Override
    public List<Migration> unfinished() {
        return transactions.query(
                "select m from MigrationRow m where m.state in (?1, ?2) order by m.createdAt, m.position",
                Integer.MAX_VALUE,
                MigrationState.PLANNED,
                MigrationState.RUNNING);
    }

    @Override
    public List<Migration> newest(int limit) {
        return transactions.query("select m from MigrationRow m order by m.createdAt desc, m.position", limit);
    }
}
