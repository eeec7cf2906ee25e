package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.model.FailureException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A journal whose every technical failure is a {@link JournalUnavailable}, so that one kind has to be reckoned with. */
public final class GuardedJournal implements Journal {

    private final Journal journal;

    public GuardedJournal(Journal journal) {
        this.journal = journal;
    }

    @Override
    public void insert(List<Migration> migrations, Actor by) {
        guarded(() -> {
            journal.insert(migrations, by);
            return true;
        });
    }

    @Override
    public Migration update(Migration migration, AuditEntry entry) {
        return guarded(() -> journal.update(migration, entry));
    }

    @Override
    public void note(AuditEntry entry) {
        guarded(() -> {
            journal.note(entry);
            return true;
        });
    }

    @Override
    public Optional<Migration> find(UUID id) {
        return guarded(() -> journal.find(id));
    }

    @Override
    public List<Migration> ofEvacuation(UUID evacuation) {
        return guarded(() -> journal.ofEvacuation(evacuation));
    }

    @Override
    public List<Migration> finishedAfter(UUID evacuation, int order) {
        return guarded(() -> journal.finishedAfter(evacuation, order));
    }

    @Override
    public List<Migration> unfinished() {
        return guarded(journal::unfinished);
    }

    @Override
    public List<Migration> unsettled() {
        return guarded(journal::unsettled);
    }

    @Override
    public List<Migration> newest(int limit) {
        return guarded(() -> journal.newest(limit));
    }

    /** Runs a call to a store; its technical failures become {@link JournalUnavailable}. */
    public static <T> T guarded(Supplier<T> call) {
        try {
            return call.get();
        } catch (FailureException e) {
            throw e;
        } catch (Exception e) {
            // checked ones too: a commit that fails comes through the transaction's interceptor as it is, undeclared
            FailureException refusal = refusalIn(e);
            throw refusal == null ? new JournalUnavailable(e) : refusal;
        }
    }

    // the container wraps what a transaction throws
    private static @Nullable FailureException refusalIn(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof FailureException refusal) {
                return refusal;
            }
        }
        return null;
    }
}
