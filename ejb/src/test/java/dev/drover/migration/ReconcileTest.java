package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.hypervisor.MigrationMode;
import dev.drover.migration.Reconcile.Action;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The reconcile rule of the design, row by row. */
class ReconcileTest {

    private static final DomainStatus RUNNING = DomainStatus.running();
    private static final DomainStatus USER_PAUSED = new DomainStatus(DomainState.PAUSED, DomainStatus.PAUSED_USER);
    private static final DomainStatus MIGRATING = new DomainStatus(DomainState.PAUSED, DomainStatus.PAUSED_MIGRATION);
    private static final DomainStatus ARRIVED = new DomainStatus(DomainState.RUNNING, DomainStatus.RUNNING_MIGRATED);
    private static final DomainStatus MOVED_AWAY = new DomainStatus(DomainState.SHUTOFF, DomainStatus.SHUTOFF_MIGRATED);
    private static final DomainStatus OFF = new DomainStatus(DomainState.SHUTOFF, DomainStatus.SHUTOFF_SHUTDOWN);
    private static final DomainStatus DESTROYED = new DomainStatus(DomainState.SHUTOFF, 2);
    private static final DomainStatus CRASHED = new DomainStatus(DomainState.SHUTOFF, DomainStatus.SHUTOFF_CRASHED);
    private static final DomainStatus POST_COPY =
            new DomainStatus(DomainState.PAUSED, DomainStatus.PAUSED_POSTCOPY_FAILED);
    private static final DomainStatus POST_COPY_RUNNING =
            new DomainStatus(DomainState.RUNNING, DomainStatus.RUNNING_POSTCOPY);
    private static final DomainStatus POST_COPY_BROKEN =
            new DomainStatus(DomainState.RUNNING, DomainStatus.RUNNING_POSTCOPY_FAILED);

    static Stream<Arguments> rows() {
        return Stream.of(
                row("an active job is adopted", RUNNING, RUNNING, MIGRATING, true, Action.ADOPT),
                row("an active job in post-copy is adopted", RUNNING, POST_COPY, POST_COPY_RUNNING, true, Action.ADOPT),
                row("running on the source alone did not move", RUNNING, RUNNING, null, false, Action.NOT_MOVED),
                row("running on the destination alone moved", RUNNING, null, ARRIVED, false, Action.MOVED),
                row(
                        "a definition left on the source does not count",
                        RUNNING,
                        MOVED_AWAY,
                        ARRIVED,
                        false,
                        Action.MOVED),
                row(
                        "paused by its user before, it may be paused after",
                        USER_PAUSED,
                        null,
                        USER_PAUSED,
                        false,
                        Action.MOVED),
                row("stopped source and running destination", RUNNING, MIGRATING, ARRIVED, false, Action.FINISH_MOVE),
                row("stopped source and no destination", RUNNING, MIGRATING, null, false, Action.RESUME_SOURCE),
                row(
                        "a guest that has run and ended on the destination is not woken on the source",
                        RUNNING,
                        MIGRATING,
                        OFF,
                        false,
                        Action.BOTH_STAND),
                row(
                        "an old definition on the destination shows nothing",
                        RUNNING,
                        MIGRATING,
                        DESTROYED,
                        false,
                        Action.RESUME_SOURCE),
                row("a user's pause is never ended", USER_PAUSED, USER_PAUSED, null, false, Action.NOT_MOVED),
                row(
                        "a user's pause is kept though migration held it",
                        USER_PAUSED,
                        MIGRATING,
                        null,
                        false,
                        Action.NOT_MOVED),
                row(
                        "paused by its user before, it may still be paused by the migration",
                        USER_PAUSED,
                        null,
                        MIGRATING,
                        false,
                        Action.WAIT),
                row(
                        "one that was booted or resumed by hand proves nothing",
                        RUNNING,
                        MIGRATING,
                        RUNNING,
                        false,
                        Action.BOTH_STAND),
                row("both stand still: nobody chooses", RUNNING, MIGRATING, USER_PAUSED, false, Action.BOTH_STAND),
                row("a destination that still loads may yet run", RUNNING, MIGRATING, MIGRATING, false, Action.WAIT),
                row("shut down by its user after the move", RUNNING, null, OFF, false, Action.MOVED),
                row("off on both sides", RUNNING, OFF, OFF, false, Action.LOST),
                row("destination still loading", RUNNING, null, MIGRATING, false, Action.WAIT),
                row("source running, destination being cleared", RUNNING, RUNNING, MIGRATING, false, Action.WAIT),
                row("post-copy that broke off", RUNNING, POST_COPY, POST_COPY_BROKEN, false, Action.RECOVER_POST_COPY),
                row(
                        "a destination that stands still for another reason",
                        RUNNING,
                        POST_COPY,
                        new DomainStatus(DomainState.PAUSED, 5),
                        false,
                        Action.POST_COPY),
                row(
                        "a destination that may still fetch the rest",
                        RUNNING,
                        POST_COPY,
                        POST_COPY_RUNNING,
                        false,
                        Action.POST_COPY),
                row(
                        "a break of which the source knows nothing",
                        RUNNING,
                        null,
                        POST_COPY_BROKEN,
                        false,
                        Action.POST_COPY),
                row("a recovery under way is adopted", RUNNING, POST_COPY, POST_COPY_BROKEN, true, Action.ADOPT),
                row("broken post-copy, source alone", RUNNING, POST_COPY, null, false, Action.POST_COPY),
                row("both running: nobody chooses", RUNNING, RUNNING, ARRIVED, false, Action.BOTH_RUNNING),
                row("nobody has it", RUNNING, null, null, false, Action.LOST));
    }

    private static Arguments row(
            String name,
            DomainStatus prior,
            @Nullable DomainStatus source,
            @Nullable DomainStatus destination,
            boolean outgoing,
            Action expected) {
        return Arguments.of(
                name, prior, new Observation(domain(source), domain(destination), outgoing, false), expected);
    }

    private static Optional<Domain> domain(@Nullable DomainStatus status) {
        return Optional.ofNullable(status).map(s -> new Domain(new UUID(1, 2), "web", s, 64, 1, false));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void theRuleDecides(String name, DomainStatus prior, Observation seen, Action expected) {
        assertEquals(expected, Reconcile.look(prior.isPausedByUser(), seen), name);
    }

    static Stream<Arguments> definitions() {
        return Stream.of(
                row("a job is followed", OFF, OFF, null, true, Action.ADOPT),
                row("defined there and gone here", OFF, null, OFF, false, Action.MOVED),
                row("defined on both, as without UNDEFINE_SOURCE", OFF, OFF, OFF, false, Action.MOVED),
                row("started there by its user meanwhile", OFF, OFF, RUNNING, false, Action.MOVED),
                row("defined here alone", OFF, OFF, null, false, Action.NOT_MOVED),
                row("started here by its user meanwhile", OFF, RUNNING, null, false, Action.NOT_MOVED),
                row("defined nowhere", OFF, null, null, false, Action.LOST));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("definitions")
    void definitionWithoutMemoryIsWhereItIsDefined(String name, DomainStatus prior, Observation seen, Action expected) {
        Migration offline = Migration.planned(
                null,
                0,
                domain(OFF).orElseThrow(),
                Moves.planned("web", "a", "b", 64).route(),
                new MigrateArguments(
                        Set.of(MigrateFlag.OFFLINE, MigrateFlag.PERSIST_DEST), null, null, MigrateParams.none()),
                null,
                Instant.EPOCH);
        assertEquals(expected, Reconcile.look(offline, seen), name);
    }

    static Stream<Arguments> postCopies() {
        return Stream.of(
                row("nobody has told it to run", RUNNING, POST_COPY, MIGRATING, false, Action.FINISH_POST_COPY),
                row("it has been told", RUNNING, POST_COPY, POST_COPY_RUNNING, false, Action.POST_COPY),
                row("there is nothing to tell", RUNNING, POST_COPY, null, false, Action.POST_COPY),
                row("its job goes on", RUNNING, POST_COPY, MIGRATING, true, Action.ADOPT),
                row("the source may run yet", RUNNING, MIGRATING, MIGRATING, false, Action.WAIT),
                row("its user has shut it down", RUNNING, OFF, MIGRATING, false, Action.WAIT),
                row("somebody has destroyed it", RUNNING, DESTROYED, MIGRATING, false, Action.WAIT),
                row("it has crashed", RUNNING, CRASHED, MIGRATING, false, Action.WAIT));
    }

    static Stream<Arguments> postCopiesToTheEnd() {
        return Stream.of(
                row("nor until all was there", RUNNING, null, MIGRATING, false, Action.FINISH_POST_COPY),
                row("with a definition left", RUNNING, MOVED_AWAY, MIGRATING, false, Action.FINISH_POST_COPY));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("postCopies")
    void postCopyThatLostItsClientIsFinished(String name, DomainStatus prior, Observation seen, Action expected) {
        assertEquals(expected, Reconcile.look(begun(MigrationMode.MANAGED, prior), seen), name);
        assertEquals(expected, Reconcile.look(begun(MigrationMode.MANAGED, prior), held(seen)), name);
        assertEquals(expected, Reconcile.look(switched(prior), seen), name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("postCopiesToTheEnd")
    void postCopyThatTheSourceHasEndedIsFinishedWhereItWasSwitched(
            String name, DomainStatus prior, Observation seen, Action expected) {
        assertEquals(Action.WAIT, Reconcile.look(begun(MigrationMode.MANAGED, prior), seen), name);
        assertEquals(expected, Reconcile.look(begun(MigrationMode.MANAGED, prior), held(seen)), name);
        assertEquals(expected, Reconcile.look(switched(prior), seen), name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"postCopies", "postCopiesToTheEnd"})
    void hostsThatDriveItThemselvesAreNotToldToFinish(
            String name, DomainStatus prior, Observation seen, Action expected) {
        assertEquals(
                Reconcile.look(false, seen),
                Reconcile.look(begun(MigrationMode.PEER_TO_PEER, prior), held(seen)),
                name + " " + expected);
    }

    @Test
    void copyThatIsHeldGoesOnlyWhereTheSourceRuns() {
        Migration managed = begun(MigrationMode.MANAGED, RUNNING);
        Observation seen = seen(RUNNING, MIGRATING);
        assertEquals(Action.WAIT, Reconcile.look(managed, seen));
        assertEquals(Action.LET_COPY_GO, Reconcile.look(managed, held(seen)));
        assertEquals(Action.WAIT, Reconcile.look(managed, held(seen(MIGRATING, MIGRATING))));
        assertEquals(Action.BOTH_RUNNING, Reconcile.look(managed, held(seen(RUNNING, ARRIVED))));
        assertEquals(Action.POST_COPY, Reconcile.look(managed, held(seen(POST_COPY, POST_COPY_RUNNING))));
    }

    private static Observation seen(@Nullable DomainStatus source, @Nullable DomainStatus destination) {
        return new Observation(domain(source), domain(destination), false, false);
    }

    private static Observation held(Observation seen) {
        return new Observation(seen.source(), seen.destination(), seen.outgoing(), true);
    }

    private static Migration begun(MigrationMode mode, DomainStatus prior) {
        return Moves.planned("web", "a", "b", 64).begun(Instant.EPOCH, mode, prior);
    }

    private static Migration switched(DomainStatus prior) {
        Migration begun = begun(MigrationMode.MANAGED, prior);
        Attempt attempt = Objects.requireNonNull(begun.attempt());
        return begun.during(
                MigrationStep.START_POST_COPY, attempt.at(attempt.convergence().afterSwitch(Instant.EPOCH, 1)));
    }

    private static final Duration KEEPALIVE = Duration.ofSeconds(30);

    @ParameterizedTest(name = "{0} after {1} looks over {2} s is {3}")
    @CsvSource({
        "ADOPT, 1, 0, ADOPT",
        "NOT_MOVED, 1, 0, NOT_MOVED",
        "MOVED, 1, 0, MOVED",
        "POST_COPY, 1, 0, POST_COPY",
        "BOTH_STAND, 1, 0, BOTH_STAND",
        "FINISH_MOVE, 1, 0, WAIT",
        "FINISH_MOVE, 2, 1, FINISH_MOVE",
        "FINISH_POST_COPY, 1, 3, WAIT",
        "FINISH_POST_COPY, 2, 2, WAIT",
        "FINISH_POST_COPY, 2, 3, FINISH_POST_COPY",
        "RECOVER_POST_COPY, 1, 3, WAIT",
        "RECOVER_POST_COPY, 2, 2, WAIT",
        "RECOVER_POST_COPY, 2, 3, RECOVER_POST_COPY",
        "LET_COPY_GO, 1, 0, WAIT",
        "LET_COPY_GO, 2, 1, LET_COPY_GO",
        "BOTH_RUNNING, 1, 0, WAIT",
        "BOTH_RUNNING, 2, 1, BOTH_RUNNING",
        "LOST, 1, 0, WAIT",
        "LOST, 2, 1, LOST",
        "RESUME_SOURCE, 1, 0, WAIT",
        "RESUME_SOURCE, 9, 30, WAIT",
        "RESUME_SOURCE, 1, 31, WAIT",
        "RESUME_SOURCE, 2, 31, RESUME_SOURCE",
    })
    void whatCannotBeTakenBackWaitsForMoreLooks(Action said, int looks, int seconds, Action expected) {
        Duration first = Duration.ofHours(1);
        var finding = new Reconcile.Finding(said, first, looks);
        assertEquals(expected, Reconcile.decide(finding, first.plusSeconds(seconds), KEEPALIVE));
    }

    @Test
    void copyThatDroverMadeItselfIsNotOnItsWay() {
        var once = new Reconcile.Finding(Action.RESUME_SOURCE, Duration.ZERO, 1);
        var twice = new Reconcile.Finding(Action.RESUME_SOURCE, Duration.ZERO, 2);
        assertEquals(Action.WAIT, Reconcile.decide(once, Duration.ofSeconds(9), Duration.ZERO));
        assertEquals(Action.RESUME_SOURCE, Reconcile.decide(twice, Duration.ofSeconds(1), Duration.ZERO));
    }

    @Test
    void anotherFindingBetweenBeginsTheCountAgain() {
        var first = Reconcile.Finding.of(Optional.empty(), Action.RESUME_SOURCE, Duration.ZERO);
        var other = Reconcile.Finding.of(Optional.of(first), Action.WAIT, Duration.ofSeconds(20));
        var again = Reconcile.Finding.of(Optional.of(other), Action.RESUME_SOURCE, Duration.ofSeconds(40));
        assertEquals(new Reconcile.Finding(Action.RESUME_SOURCE, Duration.ofSeconds(40), 1), again);
    }
}
