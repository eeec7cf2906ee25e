package dev.drover.lab;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;

/**
 * One line of virsh's own record of lifecycle events.
 *
 * @param what in virsh's words, as {@code Resumed Migrated}
 */
public record LifecycleEvent(Instant at, String what) {

    private static final DateTimeFormatter VIRSH = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSZ");

    // 2026-01-31 12:00:00.123+0000: event 'lifecycle' for domain 'g1': Resumed Migrated
    static LifecycleEvent read(String line) {
        return new LifecycleEvent(
                OffsetDateTime.parse(line.substring(0, line.indexOf(": event ")), VIRSH)
                        .toInstant(),
                line.substring(line.lastIndexOf("': ") + 3).strip());
    }
}
