package dev.drover.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of the audit trail. Lines are only ever added; their numbers grow in the order in which they were written.
 *
 * @param number 0 until it is written
 * @param evacuation the evacuation that it belongs to; null for a migration of its own
 * @param migration null when the whole evacuation is meant
 * @param what the step by its name, as {@code BEGIN} or {@code DESTROY_SOURCE}
 * @param from the state before; null when there was none
 * @param to the state after; the same as {@code from} when only something was done
 * @param detail what surprises about it, or empty
 */
public record AuditEntry(
        long number,
        Instant at,
        Actor by,
        @Nullable UUID evacuation,
        @Nullable UUID migration,
        String what,
        @Nullable String from,
        String to,
        String detail) {

    private static final int DETAIL_MAX = 4000;

    public AuditEntry {
        detail = detail.length() > DETAIL_MAX ? detail.substring(0, DETAIL_MAX) : detail;
    }

    /** The same as it was written. */
    public AuditEntry numbered(long itsNumber) {
        return new AuditEntry(itsNumber, at, by, evacuation, migration, what, from, to, detail);
    }
}
