package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.DomainStatus;
import dev.drover.ownership.LeaseLost;
import java.util.function.Consumer;

/**
 * What the journal has of a migration that runs, and the only way to change that. Writes come from several threads, one
 * at a time; once it is closed there are none.
 */
final class RunRecord {

    private final MigrationContext context;
    private final Outcomes outcomes;
    private final Runnable lost;
    private volatile Migration migration;
    private volatile boolean closed;

    /** @param lost what follows when another server turns out to own it */
    RunRecord(MigrationContext context, Migration migration, Runnable lost) {
        this.context = context;
        this.outcomes = new Outcomes(context);
        this.migration = migration;
        this.lost = lost;
    }

    Migration migration() {
        return migration;
    }

    boolean isClosed() {
        return closed;
    }

    /** Nothing is written any more. */
    void close() {
        closed = true;
    }

    ConvergencePosition position() {
        Attempt attempt = migration.attempt();
        return attempt == null ? ConvergencePosition.start(context.now()) : attempt.convergence();
    }

    /**
     * Says on disk that the call is next.
     *
     * @return false when somebody ended its record meanwhile
     */
    synchronized boolean begin(MigrationMode mode, DomainStatus prior) {
        Migration begun = migration.begun(context.now(), mode, prior);
        MigrationState before = migration.state();
        migration =
                context.journal().update(begun, entry(begun, MigrationStep.BEGIN, Actor.drover(), before, mode.name()));
        return migration.state() == MigrationState.RUNNING;
    }

    /** Writes the next position of its convergence. @return false when it is not on disk: then do not go there */
    boolean advance(MigrationStep step, ConvergencePosition next, String detail) {
        Attempt attempt = migration.attempt();
        return attempt != null && step(step, attempt.at(next), detail);
    }

    /** Remembers its user's wish until the end, where it is honoured; on disk as soon as the journal takes it. */
    void suspendedByUser(boolean wish) {
        Attempt attempt = migration.attempt();
        if (attempt != null && migration.state() == MigrationState.RUNNING && attempt.suspended() != wish) {
            step(MigrationStep.SUSPENDED_BY_USER, attempt.suspended(wish), wish ? "suspended" : "resumed");
        }
    }

    private synchronized boolean step(MigrationStep step, Attempt next, String detail) {
        if (closed || migration.state() != MigrationState.RUNNING) {
            return false;
        }
        try {
            Migration changed = migration.during(step, next);
            migration =
                    context.journal().update(changed, entry(changed, step, Actor.drover(), migration.state(), detail));
            return context.ownership().isValid();
        } catch (LeaseLost e) {
            lost.run();
            return false;
        } catch (JournalUnavailable e) {
            context.listener().alert(migration, e.failure());
            return false;
        }
    }

    /** Writes that something is about to be done, or was. */
    void note(MigrationStep step, Actor by, String detail) {
        context.journal().note(entry(migration, step, by, migration.state(), detail));
    }

    /**
     * Writes its last state, or that it waits again, as often as it takes.
     *
     * @param then hears what is on disk; another state than {@code next}'s when somebody ended its record meanwhile
     */
    void conclude(Migration next, MigrationStep step, String detail, Consumer<Migration> then) {
        AuditEntry entry = entry(next, step, Actor.drover(), migration.state(), detail);
        outcomes.write(
                migration,
                () -> written(next, entry),
                written -> {
                    if (!closed) {
                        then.accept(written);
                    }
                },
                lost);
    }

    private synchronized Migration written(Migration next, AuditEntry entry) {
        migration = context.journal().update(next, entry);
        return migration;
    }

    private AuditEntry entry(Migration after, MigrationStep step, Actor by, MigrationState before, String detail) {
        return after.entry(step, by, before, context.now(), detail);
    }
}
