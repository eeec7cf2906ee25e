package dev.drover.persistence;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.migration.Journal;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationState;
import dev.drover.migration.MigrationStep;
import dev.drover.model.FailureCode;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The journal in the database. Finishing is one at a time, so that the order of finishing has no ties. */
final class JpaJournal implements Journal {

    private final JournalTransactions transactions;

    JpaJournal(JournalTransactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void insert(List<Migration> migrations, Actor by) {
        transactions.insert(
                migrations,
                migrations.stream().map(migration -> firstEntry(migration, by)).toList());
    }

    /** How a new row begins in the audit trail. */
    static AuditEntry firstEntry(Migration migration, Actor by) {
        MigrationStep step = migration.state() == MigrationState.BLOCKED ? MigrationStep.BLOCK : MigrationStep.PLAN;
        String detail = migration.failure() == null
                ? "'" + migration.domainName() + "' from " + migration.route().source() + " to "
                        + migration.route().destination()
                : migration.failure().message();
        return migration.entry(step, by, null, migration.createdAt(), detail);
    }

    @Override
    public Migration update(Migration migration, AuditEntry entry) {
        if (!migration.state().isFinal() || migration.evacuation() == null) {
            return transactions.update(migration, entry);
        }
        synchronized (this) {
            return transactions.update(migration, entry);
        }
    }

    @Override
    public void note(AuditEntry entry) {
        transactions.note(entry);
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
        return transactions.unfinished();
    }

    @Override
    public List<Migration> unsettled() {
        return transactions.query(
                "select m from MigrationRow m where m.state = ?1 and m.failure.code in ?2 and not exists"
                        + " (select e from EntryRow e where e.migration = m.id and e.what = ?3)"
                        + " order by m.finishedAt, m.position",
                Integer.MAX_VALUE,
                MigrationState.FAILED,
                Migration.OPEN_QUESTIONS.stream().map(FailureCode::name).toList(),
                MigrationStep.ACKNOWLEDGE.name());
    }

    @Override
    public List<Migration> newest(int limit) {
        return transactions.query("select m from MigrationRow m order by m.createdAt desc, m.position", limit);
    }
}
