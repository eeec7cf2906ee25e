package dev.drover.evacuation;

import dev.drover.audit.Actor;
import dev.drover.fleet.HostMonitor;
import dev.drover.hypervisor.JobStats;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationListener;
import dev.drover.migration.MigrationState;
import dev.drover.model.Failure;
import dev.drover.model.HostSnapshot;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The latest transitions, numbered, for those who watch and those who come back after a break. A window of what
 * happened, not the truth: that is in the journal.
 */
@ApplicationScoped
public class TransitionLog implements MigrationListener {

    private static final System.Logger LOG = System.getLogger(TransitionLog.class.getName());
    private static final int KEPT = 5000;

    private final Deque<Transition> latest = new ArrayDeque<>();
    private final Set<Watcher> watchers = new CopyOnWriteArraySet<>();
    private final Clock clock;
    private final Executor executor;
    private final Alerts alerts;
    // what the journal said before an acknowledgement must not bring back the alert that it has ended
    private final Object settling = new Object();
    private long last;

    @Inject
    public TransitionLog(Clock clock, Executor executor, Alerts alerts) {
        this.clock = clock;
        this.executor = executor;
        this.alerts = alerts;
        // numbers go on growing over a restart as long as the clock does
        this.last = clock.millis() * 1000;
    }

    /** Hears of all that comes from now on, in order and never on the thread that caused it; the returned action ends it. */
    public Runnable watch(Consumer<Transition> listener) {
        return add(listener, last());
    }

    /** {@link #watch(Consumer)}, beginning with those kept that have a greater number than {@code id}: no gap, no repeat. */
    public Runnable watch(long id, Consumer<Transition> listener) {
        return add(listener, id);
    }

    private Runnable add(Consumer<Transition> listener, long heard) {
        var watcher = new Watcher(listener, heard);
        watchers.add(watcher);
        watcher.wake();
        return () -> watchers.remove(watcher);
    }

    private synchronized long last() {
        return last;
    }

    private synchronized @Nullable Transition after(long id) {
        Transition next = null;
        for (Iterator<Transition> kept = latest.descendingIterator(); kept.hasNext(); ) {
            Transition transition = kept.next();
            if (transition.id() <= id) {
                break;
            }
            next = transition;
        }
        return next;
    }

    /** One listener and the last number that it has heard of. A slow one keeps nobody else waiting. */
    private final class Watcher {

        private final Consumer<Transition> listener;
        private final AtomicBoolean telling = new AtomicBoolean();
        private long heard;

        Watcher(Consumer<Transition> listener, long heard) {
            this.listener = listener;
            this.heard = heard;
        }

        void wake() {
            if (!telling.compareAndSet(false, true)) {
                return;
            }
            try {
                executor.execute(this::tell);
            } catch (RejectedExecutionException e) {
                // the server goes down: what happened stands in the journal, and who caused it must not fail for it
                LOG.log(Level.DEBUG, "nobody is told any more", e);
            }
        }

        private void tell() {
            try {
                for (Transition next = after(heard); next != null && watchers.contains(this); next = after(heard)) {
                    heard = next.id();
                    listener.accept(next);
                }
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a watcher failed", e);
            } finally {
                telling.set(false);
            }
            // what came between the last look and the end of telling
            if (watchers.contains(this) && after(heard) != null) {
                wake();
            }
        }
    }

    @Override
    public void changed(MigrationState before, Migration now) {
        Optional<Failure> open = now.openQuestion();
        open.ifPresentOrElse(why -> alerts.clearBut(now.id(), why.code()), () -> alerts.clear(now.id()));
        publish(Transition.Type.MIGRATION, now, before.name(), now.state().name(), null, now.failure());
        LOG.log(
                Level.INFO,
                () -> "migration " + now.id() + " of " + now.domainName() + " from "
                        + now.route().source() + " to " + now.route().destination() + ": " + before + " -> "
                        + now.state()
                        + (now.failure() == null ? "" : " (" + now.failure().message() + ")"));
        // told before it had ended; from now on it can be acknowledged
        open.ifPresent(why -> alert(now, why));
    }

    @Override
    public void progressed(Migration migration, JobStats stats) {
        alerts.gotOn(migration.id());
        publish(
                Transition.Type.PROGRESS,
                migration,
                null,
                migration.state().name(),
                Progress.of(migration, stats),
                null);
    }

    @Override
    public void alert(Migration migration, Failure why) {
        if (!alerts.raise(migration, why)) {
            return;
        }
        LOG.log(
                Level.WARNING,
                () -> "migration " + migration.id() + " of " + migration.domainName() + ": " + why.message());
        publish(Transition.Type.ALERT, migration, null, migration.state().name(), null, why);
    }

    @Override
    public void acknowledged(Migration migration, Actor by, String reason) {
        synchronized (settling) {
            alerts.clear(migration.id());
        }
        LOG.log(
                Level.INFO,
                () -> "migration " + migration.id() + " of " + migration.domainName() + " was seen to, says " + by
                        + ": " + reason);
    }

    /** Looks for what is unsettled and tells of it, in one piece. */
    void withoutAcknowledgements(Runnable look) {
        synchronized (settling) {
            look.run();
        }
    }

    /** An evacuation cannot go on by itself, or takes too long; it stays as it is. */
    public void alert(Evacuation evacuation, Failure why) {
        if (!alerts.raise(evacuation, why)) {
            return;
        }
        LOG.log(
                Level.WARNING,
                () -> "evacuation " + evacuation.id() + " of " + evacuation.host() + ": " + why.message());
        tell(id -> new Transition(
                id,
                clock.instant(),
                Transition.Type.ALERT,
                evacuation.id(),
                null,
                evacuation.host(),
                null,
                null,
                evacuation.state().name(),
                null,
                why));
    }

    /** This server itself cannot do its work. */
    public void alert(Failure why) {
        if (!alerts.raise(why)) {
            return;
        }
        LOG.log(Level.WARNING, why.message());
        tell(id -> new Transition(
                id, clock.instant(), Transition.Type.ALERT, null, null, null, null, null, "SERVER", null, why));
    }

    /** This server can do its work again. */
    void calm() {
        alerts.clear();
    }

    /** Somebody has seen to that migration, on whichever server. */
    void calm(UUID migration) {
        alerts.clear(migration);
    }

    /** An evacuation came into another state. */
    public void changed(@Nullable EvacuationState before, Evacuation now) {
        alerts.clear(now.id());
        LOG.log(
                Level.INFO,
                () -> "evacuation " + now.id() + " of " + now.host() + ": " + before + " -> " + now.state());
        String from = before == null ? null : before.name();
        tell(id -> new Transition(
                id,
                clock.instant(),
                Transition.Type.EVACUATION,
                now.id(),
                null,
                now.host(),
                null,
                from,
                now.state().name(),
                null,
                now.failure()));
    }

    void hostSeen(@Observes HostMonitor.HostSeen seen) {
        HostSnapshot now = seen.now();
        String before = seen.before().map(snapshot -> snapshot.state().name()).orElse(null);
        tell(id -> new Transition(
                id,
                clock.instant(),
                Transition.Type.HOST,
                null,
                null,
                now.host().name(),
                null,
                before,
                now.state().name(),
                null,
                now.problem().orElse(null)));
    }

    private void publish(
            Transition.Type type,
            Migration migration,
            @Nullable String from,
            String to,
            @Nullable Double progress,
            @Nullable Failure reason) {
        tell(id -> new Transition(
                id,
                clock.instant(),
                type,
                migration.evacuation(),
                migration.id(),
                migration.route().source(),
                migration.domainName(),
                from,
                to,
                progress,
                reason));
    }

    private void tell(LongFunction<Transition> make) {
        synchronized (this) {
            latest.addLast(make.apply(++last));
            if (latest.size() > KEPT) {
                latest.removeFirst();
            }
        }
        watchers.forEach(Watcher::wake);
    }
}
