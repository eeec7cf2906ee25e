package dev.drover.persistence;

import dev.drover.audit.AuditEntry;
import dev.drover.audit.AuditTrail;
import dev.drover.migration.GuardedJournal;
import dev.drover.migration.JournalUnavailable;
import java.util.List;
import java.util.UUID;

/** The audit trail; every technical failure is a {@link JournalUnavailable}, as with the journal that it is part of. */
final class GuardedAudit implements AuditTrail {

    private final AuditTrail trail;

    GuardedAudit(AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public List<AuditEntry> ofEvacuation(UUID evacuation) {
        return GuardedJournal.guarded(() -> trail.ofEvacuation(evacuation));
    }

    @Override
    public List<AuditEntry> ofMigration(UUID migration) {
        return GuardedJournal.guarded(() -> trail.ofMigration(migration));
    }
}
