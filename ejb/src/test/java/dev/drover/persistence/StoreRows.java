package dev.drover.persistence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.audit.AuditTrail;
import dev.drover.audit.Surface;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationState;
import dev.drover.evacuation.EvacuationStep;
import dev.drover.evacuation.EvacuationStore;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.migration.Journal;
import dev.drover.migration.MigrateArguments;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationStep;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.ownership.LeaseLost;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/**
 * Rows for the stores' contract, and what leaves none of them unfinished. Names and ids are new for each test: the store
 * may be a running server's.
 */
public abstract class StoreRows {

    static final Actor BY = new Actor("tester", Surface.REST);

    // what databases keep of it
    final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    final String host = "host-" + UUID.randomUUID();
    private final List<UUID> evacuated = new ArrayList<>();
    final List<UUID> migrated = new ArrayList<>();

    protected abstract Journal journal();

    protected abstract EvacuationStore evacuations();

    protected abstract AuditTrail audit();

    /** Makes that migration another life's, as a takeover does. */
    protected abstract void takeAwayMigration(UUID id);

    /** Makes that evacuation another life's, as a takeover does. */
    protected abstract void takeAwayEvacuation(UUID id);

    /** Leaves nothing unfinished behind that somebody might work on. */
    @AfterEach
    void end() {
        for (UUID id : migrated) {
            journal()
                    .find(id)
                    .filter(row -> !row.state().isFinal())
                    .ifPresent(row -> unlessTaken(() -> journal().update(cancelled(row), line(cancelled(row), row))));
        }
        for (UUID id : evacuated) {
            evacuations()
                    .find(id)
                    .filter(row -> !row.state().isFinal())
                    .ifPresent(row -> unlessTaken(() -> end(row, EvacuationStep.FAIL)));
        }
    }

    private static void unlessTaken(Runnable ending) {
        try {
            ending.run();
        } catch (LeaseLost e) {
            // another life's, which does not exist
        }
    }

    Evacuation evacuation(Evacuation.Kind kind, Instant createdAt) {
        var made = new Evacuation(
                UUID.randomUUID(),
                kind,
                host,
                now.plusSeconds(3600),
                EvacuationState.PLANNING,
                BY.toString(),
                0,
                null,
                createdAt,
                null);
        evacuated.add(made.id());
        return made;
    }

    Evacuation inserted(Migration... rows) {
        Evacuation made = evacuation(Evacuation.Kind.EVACUATION, now);
        evacuations().insert(made, List.of(rows), BY);
        return made;
    }

    Evacuation end(Evacuation evacuation, EvacuationStep step) {
        Evacuation ended = evacuation.ended(step, null, now);
        return evacuations().update(ended, ended.entry(step, BY, evacuation.state(), now, ""));
    }

    Migration migration(@Nullable UUID evacuation, int position, @Nullable Failure blocked) {
        UUID domain = UUID.randomUUID();
        var made = Migration.planned(
                evacuation,
                position,
                new Domain(domain, "domain-" + domain, DomainStatus.running(), 2048, 2, true),
                new Migration.Route(
                        host,
                        ConnectUri.parse("qemu+tcp://a.example/system"),
                        blocked == null ? "elsewhere" : null,
                        blocked == null ? ConnectUri.parse("qemu+tcp://b.example/system") : null),
                new MigrateArguments(
                        Set.of(MigrateFlag.LIVE, MigrateFlag.PERSIST_DEST),
                        "its new name",
                        "b.example",
                        MigrateParams.ofValues(Map.of("bandwidth", 100)),
                        MigrationMode.MANAGED),
                blocked,
                now);
        migrated.add(made.id());
        return made;
    }

    Migration single() {
        Migration made = migration(null, 0, null);
        journal().insert(List.of(made), BY);
        return made;
    }

    static AuditEntry line(Migration after, Migration before) {
        MigrationStep step =
                switch (after.state()) {
                    case PLANNED -> MigrationStep.REPLAN;
                    case RUNNING -> MigrationStep.BEGIN;
                    case COMPLETED -> MigrationStep.COMPLETE;
                    case BLOCKED -> MigrationStep.BLOCK;
                    case FAILED -> MigrationStep.FAIL;
                    case CANCELLED -> MigrationStep.CANCEL;
                };
        return after.entry(step, BY, before.state(), after.createdAt(), "");
    }

    Migration begun(Migration migration) {
        Migration begun = migration.begun(now, MigrationMode.PEER_TO_PEER, DomainStatus.running());
        return journal().update(begun, line(begun, migration));
    }

    Migration cancelled(Migration migration) {
        return migration.cancelled(now, Failure.of(FailureCode.ABORTED, "called off"), 7);
    }

    List<String> trail(UUID migration) {
        return audit().ofMigration(migration).stream().map(AuditEntry::what).toList();
    }

    static void refused(FailureCode code, Runnable call) {
        var refusal = assertThrows(FailureException.class, call::run);
        assertEquals(code, refusal.failure().code());
    }
}
