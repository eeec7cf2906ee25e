package dev.drover.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.audit.AuditEntry;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationStep;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.migration.MigrateArguments;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationState;
import dev.drover.migration.MigrationStep;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the journal, the evacuations and the audit trail promise, whoever keeps the rows. */
public abstract class StoresContract extends StoreRows {

    @Test
    void migrationComesBackAsItWasWrittenInEveryState() {
        Migration planned = single();
        assertEquals(planned, journal().find(planned.id()).orElseThrow());
        Migration begun = begun(planned);
        assertEquals(begun, journal().find(planned.id()).orElseThrow());
        Failure owed = Failure.of(FailureCode.PERSIST_FAILED, "not defined there yet");
        Migration done = begun.completed(now.plusSeconds(9), 1L << 40, 312, "its new name", owed);
        journal().update(done, line(done, begun));
        assertEquals(done, journal().find(planned.id()).orElseThrow());
        assertTrue(journal().find(UUID.randomUUID()).isEmpty());
    }

    @Test
    void evacuationComesBackAsItWasWrittenWithItsMigrationsInTheOrderOfThePlan() {
        Evacuation made = evacuation(Evacuation.Kind.EVACUATION, now);
        Migration first = migration(made.id(), 0, null);
        Migration second =
                migration(made.id(), 1, Failure.of(FailureCode.INSUFFICIENT_MEMORY, "no host has room for it"));
        Migration third = migration(made.id(), 2, null);
        evacuations().insert(made, List.of(third, first, second), BY);

        assertEquals(made, evacuations().find(made.id()).orElseThrow());
        assertEquals(List.of(first, second, third), journal().ofEvacuation(made.id()));
        assertEquals(List.of("BLOCK"), trail(second.id()));
        Evacuation running = made.in(EvacuationStep.OPEN).executedBy(4711);
        evacuations().update(running, running.entry(EvacuationStep.OPEN, BY, made.state(), now, ""));
        assertEquals(running, evacuations().find(made.id()).orElseThrow());
    }

    @Test
    void secondMigrationOfADomainIsRefusedTogetherWithAllThatCameWithIt() {
        Migration first = single();
        Migration innocent = migration(null, 0, null);
        Migration second = Migration.planned(
                null,
                0,
                new Domain(first.domain(), first.domainName(), DomainStatus.running(), 1, 1, false),
                first.route(),
                MigrateArguments.live(),
                null,
                now);
        refused(FailureCode.ALREADY_MIGRATING, () -> journal().insert(List.of(innocent, second), BY));
        assertTrue(journal().find(innocent.id()).isEmpty());
        assertEquals(List.of(), trail(innocent.id()));

        journal().update(cancelled(first), line(cancelled(first), first));
        migrated.add(second.id());
        journal().insert(List.of(innocent, second), BY);
        assertEquals(second, journal().find(second.id()).orElseThrow());
    }

    @Test
    void secondEvacuationOfAHostIsRefusedUntilTheFirstHasEnded() {
        Evacuation first = inserted();
        Evacuation second = evacuation(Evacuation.Kind.RETURN, now);
        Migration row = migration(second.id(), 0, null);
        refused(FailureCode.EVACUATION_RUNNING, () -> evacuations().insert(second, List.of(row), BY));
        assertTrue(evacuations().find(second.id()).isEmpty());
        assertTrue(journal().find(row.id()).isEmpty());
        assertEquals(List.of(), audit().ofEvacuation(second.id()));

        end(first, EvacuationStep.LEAVE_INCOMPLETE);
        evacuations().insert(second, List.of(row), BY);
        assertEquals(List.of(row), journal().ofEvacuation(second.id()));
    }

    @Test
    void evacuationOneOfWhoseDomainsIsUnderWayIsNotWrittenAtAll() {
        Migration underWay = single();
        Evacuation made = evacuation(Evacuation.Kind.EVACUATION, now);
        Migration row = Migration.planned(
                made.id(),
                0,
                new Domain(underWay.domain(), underWay.domainName(), DomainStatus.running(), 1, 1, false),
                underWay.route(),
                MigrateArguments.live(),
                null,
                now);
        refused(FailureCode.ALREADY_MIGRATING, () -> evacuations().insert(made, List.of(row), BY));
        assertTrue(evacuations().find(made.id()).isEmpty());
        assertEquals(List.of(), audit().ofEvacuation(made.id()));
    }

    @Test
    void everyWriteAddsItsLineAndNotesStandInBetweenInTheirOrder() {
        Evacuation made = evacuation(Evacuation.Kind.EVACUATION, now);
        Migration row = migration(made.id(), 0, null);
        evacuations().insert(made, List.of(row), BY);
        Migration begun = begun(row);
        journal().note(begun.entry(MigrationStep.ABORT, BY, begun.state(), now, "because it may"));
        evacuations().note(made.entry(EvacuationStep.ABORT_REFUSED, BY, made.state(), now, "it may not"));
        Migration failed = begun.failed(now, Failure.of(FailureCode.HOST_OFFLINE, "gone"), 0);
        journal().update(failed, line(failed, begun));

        List<AuditEntry> entries = audit().ofEvacuation(made.id());
        assertEquals(
                List.of("PLAN", "PLAN", "BEGIN", "ABORT", "ABORT_REFUSED", "FAIL"),
                entries.stream().map(AuditEntry::what).toList());
        assertEquals(List.of("PLAN", "BEGIN", "ABORT", "FAIL"), trail(row.id()));
        List<Long> numbers = entries.stream().map(AuditEntry::number).toList();
        assertEquals(numbers.stream().sorted().distinct().toList(), numbers);
        assertEquals(
                new AuditEntry(
                        numbers.get(3), now, BY, made.id(), row.id(), "ABORT", "RUNNING", "RUNNING", "because it may"),
                entries.get(3));
    }

    @Test
    void whatHasEndedStaysAsItIsComesBackSoAndAddsNoLine() {
        Migration planned = single();
        Migration ended = cancelled(planned);
        journal().update(ended, line(ended, planned));
        Migration begun = planned.begun(now, MigrationMode.PEER_TO_PEER, DomainStatus.running());
        assertEquals(ended, journal().update(begun, line(begun, planned)));
        assertEquals(List.of("PLAN", "CANCEL"), trail(planned.id()));

        Evacuation made = inserted();
        Evacuation closed = end(made, EvacuationStep.FORCE_CLOSE);
        Evacuation late = made.in(EvacuationStep.PAUSE);
        assertEquals(closed, evacuations().update(late, late.entry(EvacuationStep.PAUSE, BY, made.state(), now, "")));
        assertEquals(
                List.of("PLAN", "FORCE_CLOSE"),
                audit().ofEvacuation(made.id()).stream().map(AuditEntry::what).toList());
    }

    @Test
    void finishedMigrationsAreNumberedInTheOrderOfTheirEndsWithinTheirEvacuation() {
        Evacuation made = evacuation(Evacuation.Kind.EVACUATION, now);
        List<Migration> rows =
                List.of(migration(made.id(), 0, null), migration(made.id(), 1, null), migration(made.id(), 2, null));
        evacuations().insert(made, rows, BY);
        for (int i : List.of(2, 0, 1)) {
            Migration ended = cancelled(rows.get(i));
            journal().update(ended, line(ended, rows.get(i)));
        }
        assertEquals(
                List.of(rows.get(2).id(), rows.get(0).id(), rows.get(1).id()),
                journal().finishedAfter(made.id(), 0).stream()
                        .map(Migration::id)
                        .toList());
        assertEquals(
                List.of(2, 3),
                journal().finishedAfter(made.id(), 1).stream()
                        .map(Migration::finishOrder)
                        .toList());
        Migration alone = single();
        assertEquals(
                0,
                journal()
                        .update(cancelled(alone), line(cancelled(alone), alone))
                        .finishOrder());
    }

    @Test
    void anotherLifesMigrationIsNeitherOwnNorWrittenAnyMore() {
        Migration row = single();
        assertTrue(journal().unfinished().contains(row));
        takeAwayMigration(row.id());
        assertFalse(journal().unfinished().contains(row));
        refused(FailureCode.OWNED_ELSEWHERE, () -> begun(row));
        assertEquals(
                MigrationState.PLANNED, journal().find(row.id()).orElseThrow().state());
        assertEquals(List.of("PLAN"), trail(row.id()));
    }

    @Test
    void whatEndedWithAnOpenQuestionIsUnsettledUntilItIsAcknowledgedWhoeverOwnedIt() {
        Migration later = failed(single(), FailureCode.QUARANTINED, now.plusSeconds(2));
        Migration first = failed(single(), FailureCode.OUTCOME_UNKNOWN, now.plusSeconds(1));
        failed(single(), FailureCode.HYPERVISOR_ERROR, now);
        Migration off = single();
        journal().update(cancelled(off), line(cancelled(off), off));
        Migration moved = begun(single());
        Failure owed = Failure.of(FailureCode.OUTCOME_UNKNOWN, "the answer was lost, but it runs there");
        Migration done = moved.completed(now, 1, 1, "its new name", owed);
        journal().update(done, line(done, moved));
        begun(single());
        assertEquals(List.of(first, later), unsettled());

        takeAwayMigration(later.id());
        journal().note(later.entry(MigrationStep.ALERT, BY, later.state(), now, "told once more"));
        assertEquals(List.of(first, later), unsettled());
        journal().note(later.entry(MigrationStep.ACKNOWLEDGE, BY, later.state(), now, "destroyed on a"));
        assertEquals(List.of(first), unsettled());
        journal().note(first.entry(MigrationStep.ACKNOWLEDGE, BY, first.state(), now, "started again"));
        assertEquals(List.of(), unsettled());
        assertEquals(first, journal().find(first.id()).orElseThrow());
        assertEquals(List.of("PLAN", "BEGIN", "FAIL", "ACKNOWLEDGE"), trail(first.id()));
    }

    private Migration failed(Migration planned, FailureCode code, Instant when) {
        Migration begun = begun(planned);
        Migration failed = begun.failed(when, Failure.of(code, "told"), 0);
        return journal().update(failed, line(failed, begun));
    }

    // a running server may have others
    private List<Migration> unsettled() {
        return journal().unsettled().stream()
                .filter(row -> migrated.contains(row.id()))
                .toList();
    }

    @Test
    void anotherLifesEvacuationIsNeitherOwnNorWrittenAnyMore() {
        Evacuation made = inserted();
        assertTrue(evacuations().own().contains(made));
        takeAwayEvacuation(made.id());
        assertFalse(evacuations().own().contains(made));
        assertTrue(evacuations().unfinished().contains(made), "everybody's");
        refused(FailureCode.OWNED_ELSEWHERE, () -> end(made, EvacuationStep.FAIL));
        assertEquals(made, evacuations().find(made.id()).orElseThrow());
        assertEquals(1, audit().ofEvacuation(made.id()).size());
    }

    @Test
    void newestComeFirstAndNoMoreThanAskedFor() {
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Evacuation one = evacuation(Evacuation.Kind.EVACUATION, now.plusSeconds(1000 + i));
            evacuations().insert(one, List.of(), BY);
            end(one, EvacuationStep.LEAVE_INCOMPLETE);
            ids.add(0, one.id());
        }
        assertEquals(
                ids.subList(0, 2),
                evacuations().newest(2).stream().map(Evacuation::id).toList());
    }

    @Test
    void evacuationIsFoundByItsBatchExecution() {
        long execution = now.toEpochMilli();
        Evacuation made = inserted();
        Evacuation executed = made.executedBy(execution);
        evacuations().update(executed, executed.entry(EvacuationStep.EXECUTE, BY, made.state(), now, ""));
        assertEquals(
                made.id(),
                evacuations()
                        .ofExecutions(List.of(execution - 1, execution))
                        .orElseThrow()
                        .id());
        assertTrue(evacuations().ofExecutions(List.of(execution - 1)).isEmpty());
    }

    @Test
    void hostCountsAsEmptiedUntilItsDomainsHaveReturned() {
        assertTrue(evacuations().lastCompleted(host).isEmpty());
        Evacuation emptied = inserted();
        end(emptied, EvacuationStep.COMPLETE);
        assertEquals(
                emptied.id(), evacuations().lastCompleted(host).orElseThrow().id());
        Evacuation back = evacuation(Evacuation.Kind.RETURN, now.plusSeconds(1));
        evacuations().insert(back, List.of(), BY);
        assertEquals(
                emptied.id(), evacuations().lastCompleted(host).orElseThrow().id());
        end(back, EvacuationStep.COMPLETE);
        assertTrue(evacuations().lastCompleted(host).isEmpty());
    }
}
