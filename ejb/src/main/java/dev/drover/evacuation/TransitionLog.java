package dev.drover.evacuation;

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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
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
    private final List<Consumer<Transition>> watchers = new CopyOnWriteArrayList<>();
    private final Clock clock;
    private long last;

    @Inject
    public TransitionLog(Clock clock) {
        this.clock = clock;
        // numbers go on growing over a restart as long as the clock does
        this.last = clock.millis() * 1000;
    }

    /** Hears of all that comes, on the thread that caused it; the returned action ends it. */
    public Runnable watch(Consumer<Transition> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Those with a greater number that are still kept, oldest first. */
    public synchronized List<Transition> after(long id) {
        List<Transition> later = new ArrayList<>();
        for (Transition transition : latest) {
            if (transition.id() > id) {
                later.add(transition);
            }
        }
        return later;
    }

    @Override
    public void changed(MigrationState before, Migration now) {
        publish(Transition.Type.MIGRATION, now, before.name(), now.state().name(), null, now.failure());
        LOG.log(
                Level.INFO,
                () -> "migration " + now.id() + " of " + now.domainName() + " from "
                        + now.route().source() + " to " + now.route().destination() + ": " + before + " -> "
                        + now.state()
                        + (now.failure() == null ? "" : " (" + now.failure().message() + ")"));
    }

    @Override
    public void progressed(Migration migration, JobStats stats) {
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
        LOG.log(
                Level.WARNING,
                () -> "migration " + migration.id() + " of " + migration.domainName() + ": " + why.message());
        publish(Transition.Type.ALERT, migration, null, migration.state().name(), null, why);
    }

    /** An evacuation came into another state. */
    public void changed(@Nullable EvacuationState before, Evacuation now) {
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

    private void tell(java.util.function.LongFunction<Transition> make) {
        Transition transition;
        synchronized (this) {
            transition = make.apply(++last);
            latest.addLast(transition);
            if (latest.size() > KEPT) {
                latest.removeFirst();
            }
        }
        for (Consumer<Transition> watcher : watchers) {
            try {
                watcher.accept(transition);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a watcher failed", e);
            }
        }
    }
}
