package dev.drover.audit;

import java.util.List;
import java.util.UUID;

/** Reads the audit trail, oldest first. The stores write it together with what it tells of. */
public interface AuditTrail {

    /** The evacuation's own lines and those of all its migrations. */
    List<AuditEntry> ofEvacuation(UUID evacuation);

    List<AuditEntry> ofMigration(UUID migration);
}
