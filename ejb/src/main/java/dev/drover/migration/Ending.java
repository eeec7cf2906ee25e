package dev.drover.migration;

import dev.drover.hypervisor.JobStats;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The ways in which a migration's turn is over: journalled first, then told to those who wait for their turn. */
final class Ending {

    /** Of one that no hypervisor has heard of. */
    static final Failure CALLED_OFF = Failure.of(FailureCode.ABORTED, "called off before it had started");

    private final MigrationContext context;
    private final RunRecord record;
    private final BothEnds ends;
    private final MigrationRun.Turn turn;
    private final int tries;
    private final Supplier<JobStats> stats;

    /**
     * @param tries how often it had its turn before, begun or not
     * @param stats its latest figures
     */
    Ending(
            MigrationContext context,
            RunRecord record,
            BothEnds ends,
            MigrationRun.Turn turn,
            int tries,
            Supplier<JobStats> stats) {
        this.context = context;
        this.record = record;
        this.ends = ends;
        this.turn = turn;
        this.tries = tries;
        this.stats = stats;
    }

    /** Whether what kept it from moving may be over at its next turn. */
    boolean triesAgain(Failure why) {
        return context.config().limits().triesAgain(record.migration(), why, tries + 1);
    }

    /** It has not begun and waits for another turn. */
    void postpone() {
        ends.release();
        turn.again(
                record.migration().state(),
                record.migration(),
                context.config().limits().retryAfter());
    }

    /** It had begun, has not moved and waits for another turn. @param why empty when nobody saw it fail */
    void replan(Optional<Failure> why) {
        Duration wait = why.isPresent() ? context.config().limits().retryAfter() : Duration.ZERO;
        MigrationState before = record.migration().state();
        ends.release();
        record.conclude(
                record.migration().replanned(),
                MigrationStep.REPLAN,
                why.map(Failure::message).orElse("it had not moved"),
                written -> {
                    if (written.state().isFinal()) {
                        turn.ended(before, written);
                    } else {
                        turn.again(before, written, wait);
                    }
                });
    }

    /** Somebody else closed its record. */
    void closedMeanwhile() {
        ends.release();
        turn.ended(MigrationState.PLANNED, record.migration());
    }

    /** @param warning what it still owes; null for nothing */
    void complete(Optional<Domain> arrived, @Nullable Failure warning) {
        Migration migration = record.migration();
        JobStats last = stats.get();
        String name = arrived.map(Domain::name).orElse(migration.domainName());
        end(
                migration.completed(
                        context.now(), last.dataProcessed(), last.downtime().toMillis(), name, warning),
                MigrationStep.COMPLETE,
                warning == null ? "" : warning.message());
    }

    void cancel(Failure why) {
        end(
                record.migration().cancelled(context.now(), why, stats.get().dataProcessed()),
                MigrationStep.CANCEL,
                why.message());
    }

    void fail(Failure why) {
        end(
                record.migration().failed(context.now(), why, stats.get().dataProcessed()),
                MigrationStep.FAIL,
                why.message());
    }

    private void end(Migration concluded, MigrationStep step, String detail) {
        MigrationState before = record.migration().state();
        ends.release();
        record.conclude(concluded, step, detail, written -> turn.ended(before, written));
    }
}
