package dev.drover.jmx;

import dev.drover.migration.Migration;
import dev.drover.model.Failure;
import java.beans.ConstructorProperties;

/** A migration as JMX shows it; absent texts are empty. */
public final class MigrationView {

    private final String id;
    private final String domain;
    private final String uuid;
    private final String source;
    private final String destination;
    private final String state;
    private final String reason;
    private final long bytes;
    private final long downtimeMs;

    @ConstructorProperties({"id", "domain", "uuid", "source", "destination", "state", "reason", "bytes", "downtimeMs"})
    public MigrationView(
            String id,
            String domain,
            String uuid,
            String source,
            String destination,
            String state,
            String reason,
            long bytes,
            long downtimeMs) {
        this.id = id;
        this.domain = domain;
        this.uuid = uuid;
        this.source = source;
        this.destination = destination;
        this.state = state;
        this.reason = reason;
        this.bytes = bytes;
        this.downtimeMs = downtimeMs;
    }

    static MigrationView of(Migration migration) {
        String name = migration.newName();
        String destination = migration.route().destination();
        Failure failure = migration.failure();
        return new MigrationView(
                migration.id().toString(),
                name == null ? migration.domainName() : name,
                migration.domain().toString(),
                migration.route().source(),
                destination == null ? "" : destination,
                migration.state().name(),
                failure == null ? "" : failure.message(),
                migration.bytes(),
                migration.downtimeMs());
    }

    public String getId() {
        return id;
    }

    /** Its name, on the destination once it is there. */
    public String getDomain() {
        return domain;
    }

    public String getUuid() {
        return uuid;
    }

    public String getSource() {
        return source;
    }

    public String getDestination() {
        return destination;
    }

    public String getState() {
        return state;
    }

    public String getReason() {
        return reason;
    }

    public long getBytes() {
        return bytes;
    }

    public long getDowntimeMs() {
        return downtimeMs;
    }
}
