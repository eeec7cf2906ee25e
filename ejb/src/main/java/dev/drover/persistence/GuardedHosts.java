package dev.drover.persistence;

import dev.drover.fleet.HostStore;
import dev.drover.migration.GuardedJournal;
import dev.drover.migration.JournalUnavailable;
import java.util.List;
import java.util.Optional;

/** The registry's hosts; every technical failure is a {@link JournalUnavailable}, as with the journal beside it. */
final class GuardedHosts implements HostStore {

    private final HostStore store;

    GuardedHosts(HostStore store) {
        this.store = store;
    }

    @Override
    public List<Entry> all() {
        return GuardedJournal.guarded(store::all);
    }

    @Override
    public Optional<Entry> find(String name) {
        return GuardedJournal.guarded(() -> store.find(name));
    }

    @Override
    public void insert(Entry entry) {
        GuardedJournal.guarded(() -> {
            store.insert(entry);
            return true;
        });
    }

    @Override
    public void delete(String name) {
        GuardedJournal.guarded(() -> {
            store.delete(name);
            return true;
        });
    }
}
