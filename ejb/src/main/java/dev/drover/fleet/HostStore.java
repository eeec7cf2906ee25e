package dev.drover.fleet;

import dev.drover.model.Host;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where the registry keeps its hosts; each call is a transaction of its own. */
public interface HostStore {

    /**
     * A host as it is kept.
     *
     * @param registeredAt when it was named, from which on what happened to it counts
     */
    record Entry(Host host, Instant registeredAt) {}

    /** In the order of their names. */
    List<Entry> all();

    Optional<Entry> find(String name);

    void insert(Entry entry);

    void delete(String name);
}
