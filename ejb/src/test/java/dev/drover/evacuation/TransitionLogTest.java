package dev.drover.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.JobStats;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationState;
import dev.drover.migration.Moves;
import dev.drover.time.VirtualTimers;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class TransitionLogTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);

    private static final Alerts ALERTS = new Alerts(new VirtualTimers(CLOCK.instant()));

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final TransitionLog log = new TransitionLog(CLOCK, tasks::add, ALERTS);
    private final List<Transition> heard = new ArrayList<>();
    private final Migration migration = Moves.planned("web", "h1", "h2", 1);

    private void tellAll() {
        while (!tasks.isEmpty()) {
            tasks.remove().run();
        }
    }

    private List<Long> ids() {
        return heard.stream().map(Transition::id).toList();
    }

    @Test
    void nobodyIsToldOnTheThreadThatCausedIt() {
        log.watch(heard::add);
        tellAll();
        log.changed(MigrationState.PLANNED, migration);
        assertEquals(List.of(), heard);
        tellAll();
        assertEquals(1, heard.size());
        assertEquals("web", heard.get(0).domain());
    }

    @Test
    void numbersGrowAndEachIsHeardOnce() {
        log.watch(heard::add);
        for (int i = 0; i < 100; i++) {
            log.progressed(migration, JobStats.none());
        }
        tellAll();
        assertEquals(100, heard.size());
        assertEquals(ids().stream().sorted().distinct().toList(), ids());
        assertTrue(ids().get(0) > CLOCK.millis(), "they go on growing over a restart");
    }

    @Test
    void whoComesBackHearsWhatHeMissedWithoutGapOrRepeat() {
        Runnable end = log.watch(heard::add);
        log.progressed(migration, JobStats.none());
        tellAll();
        end.run();
        log.progressed(migration, JobStats.none());
        log.progressed(migration, JobStats.none());
        tellAll();
        assertEquals(1, heard.size());

        log.watch(heard.get(0).id(), heard::add);
        log.progressed(migration, JobStats.none());
        tellAll();
        assertEquals(4, heard.size());
        assertEquals(ids().stream().sorted().distinct().toList(), ids());
    }

    @Test
    void listenerThatFailsKeepsNobodyElseFromHearing() {
        log.watch(transition -> {
            throw new IllegalStateException("a listener's own trouble");
        });
        log.watch(heard::add);
        log.progressed(migration, JobStats.none());
        tellAll();
        assertEquals(1, heard.size());
    }

    @Test
    void onlyTheLatestFiveThousandAreKept() {
        for (int i = 0; i < 5100; i++) {
            log.progressed(migration, JobStats.none());
        }
        log.watch(0, heard::add);
        tellAll();
        assertEquals(5000, heard.size());
    }

    @Test
    void serverThatGoesDownDoesNotFailThoseWhoCauseTransitions() {
        var closing = new TransitionLog(
                CLOCK,
                task -> {
                    throw new RejectedExecutionException("shutting down");
                },
                ALERTS);
        closing.watch(heard::add);
        closing.changed(MigrationState.PLANNED, migration);
        assertEquals(List.of(), heard);
    }
}
