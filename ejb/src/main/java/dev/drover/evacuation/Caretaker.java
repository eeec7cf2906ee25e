package dev.drover.evacuation;

import dev.drover.migration.Journal;
import dev.drover.migration.JournalUnavailable;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationService;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.ownership.Ownership;
import dev.drover.time.Timers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;

/**
 * Sees to it that whatever this server owns is worked on: after its start, after it has inherited from another server,
 * and when a job broke off; and that what waits for a human stays told. Looks again and again at what is, so that nothing
 * depends on having heard of a change.
 */
@ApplicationScoped
public class Caretaker implements Ownership.Listener {

    private static final System.Logger LOG = System.getLogger(Caretaker.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final EvacuationStore store;
    private final EvacuationRun run;
    private final Journal journal;
    private final MigrationService migrations;
    private final Watchdog watchdog;
    private final OpenQuestions questions;
    private final TransitionLog log;
    private final Instance<EvacuationLauncher> launcher;
    private final Timers timers;
    private final Executor executor;
    private Set<UUID> idle = Set.of();
    private volatile boolean started;
    private volatile boolean stopped;

    @Inject
    public Caretaker(
            EvacuationStore store,
            EvacuationRun run,
            Journal journal,
            MigrationService migrations,
            Watchdog watchdog,
            TransitionLog log,
            Instance<EvacuationLauncher> launcher,
            Timers timers,
            Executor executor) {
        this.store = store;
        this.run = run;
        this.journal = journal;
        this.migrations = migrations;
        this.watchdog = watchdog;
        this.questions = new OpenQuestions(journal, log);
        this.log = log;
        this.launcher = launcher;
        this.timers = timers;
        this.executor = executor;
    }

    /** From now on jobs can be launched: goes on with every evacuation at once, then looks each few seconds. */
    public void start() {
        started = true;
        tend(true);
        later();
    }

    public void stop() {
        stopped = true;
    }

    @Override
    public void gained() {
        takeUp();
        if (started) {
            tend(true);
        }
    }

    @Override
    public void lost() {
        migrations.dropAll();
        run.loseAll();
    }

    // what became of those under way is found out at once; an evacuation's others wait for its job, and where that runs
    // already, as when another server's life is inherited, nothing may hold them up
    private void takeUp() {
        List<Migration> unfinished = journal.unfinished();
        unfinished.stream()
                .map(Migration::evacuation)
                .filter(Objects::nonNull)
                .filter(evacuation -> !run.isWorkedOn(evacuation))
                .distinct()
                .forEach(migrations::hold);
        migrations.takeUp(unfinished);
    }

    private void later() {
        timers.after(
                INTERVAL,
                () -> executor.execute(() -> {
                    if (!stopped) {
                        try {
                            tend(false);
                        } finally {
                            later();
                        }
                    }
                }));
    }

    // one that was journalled just now gets its job from whoever asked for it: only the second look counts
    private synchronized void tend(boolean atOnce) {
        List<Evacuation> own;
        try {
            own = store.own();
            questions.look();
        } catch (JournalUnavailable e) {
            log.alert(e.failure());
            return;
        }
        log.calm();
        watchdog.look(own);
        List<Evacuation> unworked =
                own.stream().filter(each -> !run.isWorkedOn(each.id())).toList();
        unworked.stream().filter(each -> atOnce || idle.contains(each.id())).forEach(this::goOn);
        idle = unworked.stream().map(Evacuation::id).collect(Collectors.toSet());
    }

    private void goOn(Evacuation evacuation) {
        try {
            launcher.get().goOn(evacuation);
        } catch (RuntimeException e) {
            // the others must not wait for this one, and it is looked at again
            LOG.log(Level.WARNING, "evacuation " + evacuation.id() + " cannot go on yet", e);
            log.alert(
                    evacuation,
                    Failure.of(
                            FailureCode.INTERNAL,
                            "its batch job could not be started, which is tried again every few seconds; see the server log: "
                                    + e.getMessage()));
        }
    }
}
