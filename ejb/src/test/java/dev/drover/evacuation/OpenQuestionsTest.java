package dev.drover.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.audit.Actor;
import dev.drover.audit.Surface;
import dev.drover.memory.InMemoryDatabase;
import dev.drover.memory.InMemoryDatabase.Mode;
import dev.drover.migration.Acknowledgements;
import dev.drover.migration.Journal;
import dev.drover.migration.JournalUnavailable;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationStep;
import dev.drover.migration.Moves;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.ownership.Life;
import dev.drover.time.VirtualTimers;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class OpenQuestionsTest {

    private static final Instant START = Instant.parse("2026-11-25T03:00:00Z");
    private static final Duration TICK = Duration.ofSeconds(5);
    private static final Actor BY = new Actor("jo", Surface.REST);

    private final VirtualTimers time = new VirtualTimers(START);
    private final InMemoryDatabase database = new InMemoryDatabase(time);
    private final Migration web = Moves.planned("web", "h1", "h2", 1);
    private final Migration db = Moves.planned("db", "h1", "h2", 1);

    /** As much of a server's life as tells of open questions. */
    private final class Server {

        private final Life life = new Life(UUID.randomUUID(), "n1");
        private final Journal journal = database.journal(() -> life);
        private final Alerts alerts = new Alerts(time);
        private final TransitionLog log = new TransitionLog(time.clock(), Runnable::run, alerts);
        private final OpenQuestions questions = new OpenQuestions(journal, log);
        private final Acknowledgements acknowledgements = new Acknowledgements(journal, log, time.clock());
        private final List<Transition> told = new ArrayList<>();

        Server() {
            database.lives().begin(life, Duration.ofDays(1));
            log.watch(transition -> {
                if (transition.type() == Transition.Type.ALERT) {
                    told.add(transition);
                }
            });
        }

        /** As the run of a migration that nobody can tell the end of: told, then written. */
        Migration fails(Migration planned, FailureCode code) {
            journal.insert(List.of(planned), BY);
            Failure why = Failure.of(code, "where is " + planned.domainName() + "?");
            log.alert(planned, why);
            Migration failed = planned.failed(time.clock().instant(), why, 0);
            Migration written = journal.update(
                    failed, failed.entry(MigrationStep.FAIL, Actor.drover(), planned.state(), START, ""));
            log.changed(planned.state(), written);
            return written;
        }

        void look() {
            time.advance(TICK);
            questions.look();
        }

        List<String> domains() {
            return alerts.list().stream()
                    .map(Alert::domain)
                    .map(String::valueOf)
                    .toList();
        }
    }

    private Server restarted() {
        Server next = new Server();
        next.look();
        return next;
    }

    @Test
    void alertIsRaisedAnewAfterARestartAndSaysSinceWhen() {
        Migration failed = new Server().fails(web, FailureCode.QUARANTINED);
        time.advance(Duration.ofHours(5));
        Server next = restarted();

        Alert alert = next.alerts.list().get(0);
        assertEquals(failed.id(), alert.migration());
        assertEquals(FailureCode.QUARANTINED, alert.reason().code());
        assertEquals("where is web?", alert.reason().message());
        assertEquals(START, alert.since());
        assertTrue(alert.acknowledgeable());
        assertEquals(1, next.told.size(), "those who watch hear of it");
        next.look();
        assertEquals(1, next.told.size(), "and are not told at each look");
    }

    @Test
    void whatWasAcknowledgedIsGoneAtOnceAndIsNotRaisedAgainAfterAnotherRestart() {
        Migration failed = new Server().fails(web, FailureCode.OUTCOME_UNKNOWN);
        Server next = restarted();
        assertEquals(List.of("web"), next.domains());
        next.acknowledgements.acknowledge(failed, "started again on h2", BY);
        assertEquals(List.of(), next.domains());
        next.look();
        assertEquals(List.of(), next.domains());
        assertEquals(List.of(), restarted().domains());
    }

    @Test
    void whatWasAcknowledgedOnOneServerIsGoneFromTheOthersAtTheirNextLook() {
        Server first = new Server();
        Migration one = first.fails(web, FailureCode.QUARANTINED);
        first.fails(db, FailureCode.QUARANTINED);
        first.look();
        Server other = restarted();
        assertEquals(List.of("web", "db"), other.domains());

        other.acknowledgements.acknowledge(one, "destroyed on h1", BY);
        assertEquals(List.of("db"), other.domains());
        assertEquals(List.of("web", "db"), first.domains());
        first.look();
        assertEquals(List.of("db"), first.domains());
    }

    @Test
    void whatHasJustEndedIsToldOnceAndCanBeAcknowledgedBeforeTheNextLook() {
        Server server = new Server();
        aHostOfWebIsAway(server);
        server.fails(web, FailureCode.QUARANTINED);
        server.look();

        assertEquals(
                List.of(FailureCode.QUARANTINED),
                server.alerts.list().stream()
                        .map(alert -> alert.reason().code())
                        .toList(),
                "that a host was away no longer matters");
        assertEquals(2, server.told.size());
        assertTrue(server.alerts.list().get(0).acknowledgeable());
        assertEquals(1, server.alerts.list().get(0).times());
    }

    private void aHostOfWebIsAway(Server server) {
        server.log.alert(web, Failure.of(FailureCode.HOST_OFFLINE, "h2 does not answer"));
        assertFalse(server.alerts.list().get(0).acknowledgeable(), "while it goes on there is nothing to acknowledge");
    }

    @Test
    void whatEndedWithAKnownOutcomeIsNotRaised() {
        new Server().fails(web, FailureCode.HYPERVISOR_ERROR);
        assertEquals(List.of(), restarted().domains());
    }

    @Test
    void whatIsAcknowledgedDuringALookDoesNotComeBack() throws InterruptedException {
        Server server = new Server();
        Migration failed = server.fails(web, FailureCode.QUARANTINED);
        var operator = new Thread(() -> server.acknowledgements.acknowledge(failed, "destroyed on h1", BY));
        var slow = new OpenQuestions(
                answeringLate(server.journal, () -> {
                    operator.start();
                    while (operator.getState() != Thread.State.BLOCKED && operator.isAlive()) {
                        Thread.onSpinWait();
                    }
                }),
                server.log);
        slow.look();
        operator.join();
        assertEquals(List.of(), server.domains());
    }

    /** What it says of the unsettled ones is old when it arrives. */
    private static Journal answeringLate(Journal journal, Runnable meanwhile) {
        return (Journal) Proxy.newProxyInstance(
                Journal.class.getClassLoader(), new Class<?>[] {Journal.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(journal, arguments);
                    meanwhile.run();
                    return answer;
                });
    }

    @Test
    void whatWasToldStandsWhileNobodyCanBeAsked() {
        new Server().fails(web, FailureCode.QUARANTINED);
        Server next = restarted();
        database.become(Mode.GONE);
        assertThrows(JournalUnavailable.class, next::look);
        assertEquals(List.of("web"), next.domains());
        database.become(Mode.WELL);
        next.look();
        assertEquals(List.of("web"), next.domains());
    }
}
