package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.audit.Surface;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.memory.InMemoryDatabase;
import dev.drover.memory.InMemoryDatabase.Mode;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.ownership.Life;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcknowledgementsTest {

    private static final Actor BY = new Actor("jo", Surface.PAGE);

    private final VirtualTimers time = new VirtualTimers(Instant.parse("2026-11-25T03:00:00Z"));
    private final InMemoryDatabase database = new InMemoryDatabase(time);
    private final Life life = new Life(UUID.randomUUID(), "n1");
    private final Journal journal = database.journal(() -> life);
    private final List<String> heard = new ArrayList<>();
    private final Acknowledgements acknowledgements = new Acknowledgements(journal, new Heard(), time.clock());
    private final Migration planned = Moves.planned("web", "h1", "h2", 1);

    AcknowledgementsTest() {
        database.lives().begin(life, Duration.ofSeconds(30));
        journal.insert(List.of(planned), BY);
    }

    private final class Heard implements MigrationListener {

        @Override
        public void changed(MigrationState before, Migration now) {}

        @Override
        public void progressed(Migration migration, JobStats stats) {}

        @Override
        public void alert(Migration migration, Failure why) {}

        @Override
        public void acknowledged(Migration migration, Actor by, String reason) {
            heard.add(migration.domainName() + " by " + by + ": " + reason);
        }
    }

    private Migration ended(MigrationStep step, Migration ended) {
        return journal.update(
                ended,
                ended.entry(step, Actor.drover(), planned.state(), time.clock().instant(), ""));
    }

    private Migration failed(FailureCode code) {
        return ended(MigrationStep.FAIL, planned.failed(time.clock().instant(), Failure.of(code, "told"), 0));
    }

    private List<AuditEntry> lines() {
        return database.audit().ofMigration(planned.id()).stream()
                .filter(entry -> entry.what().equals("ACKNOWLEDGE"))
                .toList();
    }

    private Failure refusal(Migration migration, @Nullable String reason) {
        var refusal = assertThrows(FailureException.class, () -> acknowledgements.acknowledge(migration, reason, BY));
        assertEquals(List.of(), lines());
        assertEquals(List.of(), heard);
        return refusal.failure();
    }

    @ParameterizedTest
    @EnumSource(names = {"QUARANTINED", "OUTCOME_UNKNOWN", "STUCK"})
    void wordIsALineOfTheTrailIsHeardAndSettlesIt(FailureCode code) {
        Migration failed = failed(code);
        assertEquals(List.of(failed), journal.unsettled());
        acknowledgements.acknowledge(failed, "  started again on h2 ", BY);

        AuditEntry line = lines().get(0);
        assertEquals(BY, line.by());
        assertEquals("started again on h2", line.detail());
        assertEquals("FAILED", line.from());
        assertEquals("FAILED", line.to());
        assertEquals(List.of(), journal.unsettled());
        assertEquals(failed, journal.find(failed.id()).orElseThrow(), "it stays as it ended");
        assertEquals(List.of("web by PAGE jo: started again on h2"), heard);
    }

    @Test
    void secondWordAddsNothingToTheTrail() {
        Migration failed = failed(FailureCode.QUARANTINED);
        acknowledgements.acknowledge(failed, "destroyed on h1", BY);
        acknowledgements.acknowledge(failed, "once more", new Actor("other", Surface.JMX));
        assertEquals(
                List.of("destroyed on h1"),
                lines().stream().map(AuditEntry::detail).toList());
    }

    @Test
    void whoGotNoAnswerAsksAgainAndIsInTheTrailOnce() {
        Migration failed = failed(FailureCode.QUARANTINED);
        database.become(Mode.ANSWERS_LOST);
        assertThrows(JournalUnavailable.class, () -> acknowledgements.acknowledge(failed, "destroyed on h1", BY));
        database.become(Mode.WELL);
        acknowledgements.acknowledge(failed, "destroyed on h1", BY);
        assertEquals(1, lines().size());
        assertEquals(1, heard.size());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " \n"})
    void reasonIsMissing(@Nullable String reason) {
        Failure why = refusal(failed(FailureCode.OUTCOME_UNKNOWN), reason);
        assertEquals(FailureCode.INVALID_ARGUMENT, why.code());
        assertEquals("reason: is missing; say what became of the domain, for the audit trail", why.message());
    }

    @Test
    void whatGoesOnIsNotAcknowledged() {
        Failure why = refusal(planned, "too early");
        assertEquals(FailureCode.OPERATION_INVALID, why.code());
        assertTrue(why.message().contains("'web' is PLANNED"), why::message);
        assertTrue(why.message().contains("wait for its end, or abort it"), why::message);
    }

    @Test
    void whatFailedOtherwiseIsNotAcknowledged() {
        Failure why = refusal(failed(FailureCode.HYPERVISOR_ERROR), "no need");
        assertEquals(FailureCode.OPERATION_INVALID, why.code());
        assertTrue(why.message().contains("'web' is FAILED"), why::message);
        assertTrue(why.message().contains("known"), why::message);
    }

    /** A completed one may owe something, under whatever code: where its domain runs is known. */
    @Test
    void whatHasMovedIsNotAcknowledgedWhateverItOwes() {
        Migration begun = planned.begun(time.clock().instant(), MigrationMode.PEER_TO_PEER, DomainStatus.running());
        Failure owed = Failure.of(FailureCode.OUTCOME_UNKNOWN, "the answer to undefine was lost");
        Migration moved = begun.completed(time.clock().instant(), 1, 1, "web", owed);
        assertEquals(
                FailureCode.OPERATION_INVALID,
                refusal(ended(MigrationStep.COMPLETE, moved), "no need").code());
        assertEquals(List.of(), journal.unsettled());
    }
}
