package dev.drover.batch;

import dev.drover.evacuation.EvacuationRun;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import org.jspecify.annotations.NullUnmarked;

/** Looks at the host itself; its verdict is the job's exit status. */
@Named("verifyStep")
@Dependent
@NullUnmarked
public class VerifyStep extends AbstractBatchlet {

    @Inject
    private JobContext job;

    @Inject
    private EvacuationRun run;

    @Override
    public String process() {
        JobProgress progress = (JobProgress) job.getTransientUserData();
        String verdict = run.verify(progress.evacuation()).state().name();
        job.setExitStatus(verdict);
        return verdict;
    }
}
