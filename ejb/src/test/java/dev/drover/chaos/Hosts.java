package dev.drover.chaos;

import dev.drover.fleet.HostStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The registered hosts on disk. */
record Hosts(Map<String, HostStore.Entry> entries) implements HostStore {

    @Override
    public List<Entry> all() {
        return List.copyOf(entries.values());
    }

    @Override
    public Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    @Override
    public void insert(Entry entry) {
        entries.put(entry.host().name(), entry);
    }

    @Override
    public void delete(String name) {
        entries.remove(name);
    }
}
