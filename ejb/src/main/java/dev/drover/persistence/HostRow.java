package dev.drover.persistence;

import dev.drover.fleet.HostStore;
import dev.drover.model.ConnectUri;
import dev.drover.model.Host;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;

/** A registered host as a row. */
@Entity(name = "HostRow")
@Table(name = "host")
@NullUnmarked
class HostRow {

    @Id
    private String name;

    private String uri;

    @Column(name = "registered_at")
    private Instant registeredAt;

    protected HostRow() {}

    HostRow(HostStore.Entry entry) {
        name = entry.host().name();
        uri = entry.host().uri().toString();
        registeredAt = entry.registeredAt();
    }

    HostStore.Entry entry() {
        return new HostStore.Entry(new Host(name, ConnectUri.parse(uri)), registeredAt);
    }
}
