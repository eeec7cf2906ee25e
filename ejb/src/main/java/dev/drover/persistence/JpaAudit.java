package dev.drover.persistence;

import dev.drover.audit.AuditEntry;
import dev.drover.audit.AuditTrail;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** The audit trail in the database. */
@ApplicationScoped
@Typed(JpaAudit.class)
@Transactional(Transactional.TxType.REQUIRES_NEW)
@NullUnmarked
public class JpaAudit implements AuditTrail {

    @PersistenceContext(unitName = "drover")
    private EntityManager database;

    @Override
    public List<AuditEntry> ofEvacuation(UUID evacuation) {
        return of("select e from EntryRow e where e.evacuation = :id order by e.number", evacuation);
    }

    @Override
    public List<AuditEntry> ofMigration(UUID migration) {
        return of("select e from EntryRow e where e.migration = :id order by e.number", migration);
    }

    private List<AuditEntry> of(String jpql, UUID id) {
        return database.createQuery(jpql, EntryRow.class)
                .setParameter("id", id)
                .getResultStream()
                .map(EntryRow::entry)
                .toList();
    }
}
