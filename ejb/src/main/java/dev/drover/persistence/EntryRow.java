package dev.drover.persistence;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.audit.Surface;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** A line of the audit trail as a row; written once, never changed. */
@Entity(name = "EntryRow")
@Table(name = "journal_entry")
@NullUnmarked
class EntryRow {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private Long number;

    @Column(name = "written_at")
    private Instant writtenAt;

    private String who;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "varchar(16)")
    private Surface surface;

    private UUID evacuation;
    private UUID migration;
    private String what;

    @Column(name = "state_from")
    private String stateFrom;

    @Column(name = "state_to")
    private String stateTo;

    private String detail;

    protected EntryRow() {}

    EntryRow(AuditEntry entry) {
        writtenAt = entry.at();
        who = entry.by().name();
        surface = entry.by().surface();
        evacuation = entry.evacuation();
        migration = entry.migration();
        what = entry.what();
        stateFrom = entry.from();
        stateTo = entry.to();
        detail = entry.detail();
    }

    AuditEntry entry() {
        return new AuditEntry(
                number, writtenAt, new Actor(who, surface), evacuation, migration, what, stateFrom, stateTo, detail);
    }
}
