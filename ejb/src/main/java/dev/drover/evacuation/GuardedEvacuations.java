package dev.drover.evacuation;

import static dev.drover.migration.GuardedJournal.guarded;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.migration.JournalUnavailable;
import dev.drover.migration.Migration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Evacuations whose every technical failure is a {@link JournalUnavailable}, as with the migrations' journal. */
public final class GuardedEvacuations implements EvacuationStore {

    private final EvacuationStore store;

    public GuardedEvacuations(EvacuationStore store) {
        this.store = store;
    }

    @Override
    public void insert(Evacuation evacuation, List<Migration> migrations, Actor by) {
        guarded(() -> {
            store.insert(evacuation, migrations, by);
            return true;
        });
    }

    @Override
    public Evacuation update(Evacuation evacuation, AuditEntry entry) {
        return guarded(() -> store.update(evacuation, entry));
    }

    @Override
    public void note(AuditEntry entry) {
        guarded(() -> {
            store.note(entry);
            return true;
        });
    }

    @Override
    public Optional<Evacuation> find(UUID id) {
        return guarded(() -> store.find(id));
    }

    @Override
    public List<Evacuation> newest(int limit) {
        return guarded(() -> store.newest(limit));
    }

    @Override
    public List<Evacuation> unfinished() {
        return guarded(store::unfinished);
    }

    @Override
    public List<Evacuation> own() {
        return guarded(store::own);
    }

    @Override
    public Optional<Evacuation> ofExecutions(List<Long> executions) {
        return guarded(() -> store.ofExecutions(executions));
    }

    @Override
    public Optional<Evacuation> lastCompleted(String host) {
        return guarded(() -> store.lastCompleted(host));
    }
}
