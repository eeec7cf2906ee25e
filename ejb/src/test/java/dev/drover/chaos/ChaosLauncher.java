package dev.drover.chaos;

import dev.drover.chaos.Executions.Execution;
import dev.drover.chaos.Executions.Status;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationLauncher;
import dev.drover.evacuation.EvacuationRun;
import dev.drover.evacuation.EvacuationService;
import dev.drover.evacuation.EvacuationState;
import dev.drover.evacuation.Look;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.time.Duration;
import java.util.UUID;

/**
 * The batch runtime's part: runs the job's steps through the same methods as its artifacts do, and remembers executions
 * as the runtime does, without a thread that waits.
 */
final class ChaosLauncher implements EvacuationLauncher {

    private static final Duration LOOK = Duration.ofMillis(250);

    private final World world;
    private final ChaosTimers timers;
    private final EvacuationRun run;
    private final EvacuationService evacuations;

    ChaosLauncher(World world, ChaosTimers timers, EvacuationRun run, EvacuationService evacuations) {
        this.world = world;
        this.timers = timers;
        this.run = run;
        this.evacuations = evacuations;
    }

    @Override
    public long start(UUID evacuation) {
        return launch(world.ledger().executions().begin(evacuation, false, 0));
    }

    private long restart(long execution) {
        Execution earlier = world.ledger().executions().get(execution);
        return launch(world.ledger().executions().begin(earlier.evacuation(), true, earlier.checkpoint()));
    }

    @Override
    public long resume(UUID evacuation, long execution) {
        if (!world.ledger().executions().has(execution)) {
            return start(evacuation);
        }
        return switch (world.ledger().executions().get(execution).status()) {
            case STARTED -> execution;
            case STOPPED, FAILED -> restart(execution);
            case COMPLETED -> start(evacuation);
        };
    }

    @Override
    public void goOn(Evacuation evacuation) {
        long execution = evacuation.execution();
        if (!world.ledger().executions().has(execution)) {
            start(evacuation.id());
            return;
        }
        Status status = world.ledger().executions().get(execution).status();
        if (evacuation.state() == EvacuationState.PAUSED && status == Status.STOPPED) {
            return;
        }
        if (status == Status.COMPLETED) {
            start(evacuation.id());
        } else {
            restart(execution);
        }
    }

    private long launch(Execution execution) {
        timers.execute(() -> planStep(execution));
        return execution.id();
    }

    // what PlanStep does
    private void planStep(Execution execution) {
        boolean entered = false;
        try {
            entered = run.enter(execution.evacuation());
            if (!entered) {
                world.ledger().executions().end(execution.id(), Status.COMPLETED);
                return;
            }
            evacuations.executedBy(execution.evacuation(), execution.id());
            run.open(execution.evacuation(), execution.restarted());
        } catch (RuntimeException e) {
            failed(execution, entered, e);
            return;
        }
        read(execution, execution.checkpoint());
    }

    // what FinishedMigrations does, and VerifyStep after it
    private void read(Execution execution, int from) {
        try {
            int last = from;
            Look look = run.look(execution.evacuation(), last, false);
            while (look instanceof Look.Finished finished) {
                last = finished.migration().finishOrder();
                world.ledger().executions().checkpoint(execution.id(), last);
                look = run.look(execution.evacuation(), last, false);
            }
            if (look instanceof Look.NotYet) {
                int place = last;
                timers.after(LOOK, () -> read(execution, place));
                return;
            }
            run.verify(execution.evacuation());
            world.ledger().executions().end(execution.id(), Status.COMPLETED);
            run.leave(execution.evacuation());
        } catch (RuntimeException e) {
            failed(execution, true, e);
        }
    }

    // what the job's listener does; its own failure is logged and no more
    private void failed(Execution execution, boolean entered, RuntimeException cause) {
        world.trace().add("the job broke off: " + cause.getClass().getSimpleName());
        world.ledger().executions().end(execution.id(), Status.FAILED);
        if (!entered) {
            return;
        }
        run.leave(execution.evacuation());
        try {
            run.jobFailed(
                    execution.evacuation(), Failure.of(FailureCode.INTERNAL, "its batch job broke off: " + cause));
        } catch (RuntimeException e) {
            world.trace().add("and nobody could be told: " + e.getClass().getSimpleName());
        }
    }
}
