package dev.drover.batch;

import dev.drover.evacuation.EvacuationRun;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import jakarta.batch.api.listener.AbstractJobListener;
import jakarta.batch.runtime.BatchStatus;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import org.jspecify.annotations.NullUnmarked;

/** Carries the end of an execution over to its evacuation, so that the two never contradict each other. */
@Named("evacuationJobListener")
@Dependent
@NullUnmarked
public class EvacuationJobListener extends AbstractJobListener {

    @Inject
    private JobContext job;

    @Inject
    private EvacuationRun run;

    @Override
    public void afterJob() {
        if (!(job.getTransientUserData() instanceof JobProgress progress)) {
            return;
        }
        run.leave(progress.evacuation());
        BatchStatus status = job.getBatchStatus();
        if (status == BatchStatus.FAILED) {
            run.jobFailed(
                    progress.evacuation(),
                    Failure.of(
                            FailureCode.INTERNAL,
                            "its batch job broke off (execution " + job.getExecutionId()
                                    + ") and gets another execution; see the server log"));
        } else if (status != BatchStatus.COMPLETED && !ServerState.isGoingDown()) {
            // a server on its way down stops its jobs too, and goes on with them at its next start
            run.stopped(progress.evacuation());
        }
    }
}
