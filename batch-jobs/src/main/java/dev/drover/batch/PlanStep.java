package dev.drover.batch;

import dev.drover.audit.Actor;
import dev.drover.audit.Surface;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationRequests;
import dev.drover.evacuation.EvacuationRun;
import dev.drover.evacuation.EvacuationService;
import dev.drover.evacuation.Preparation;
import dev.drover.model.FailureException;
import jakarta.batch.api.AbstractBatchlet;
import jakarta.batch.api.BatchProperty;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/**
 * Finds the evacuation that this job works on, or plans and journals a new one. Wrong properties end the job with the
 * reason as its exit status and change nothing.
 */
@Named("planStep")
@Dependent
@NullUnmarked
public class PlanStep extends AbstractBatchlet {

    /** Exit status of the step when another execution works on the evacuation: this one has nothing to do. */
    static final String WORKED_ON = "WORKED ON";

    private static final Actor BATCH = new Actor("batch", Surface.BATCH);

    @Inject
    @BatchProperty
    private String host;

    @Inject
    @BatchProperty
    private String targets;

    @Inject
    @BatchProperty
    private String policy;

    @Inject
    @BatchProperty
    private String deadline;

    @Inject
    @BatchProperty
    private String evacuation;

    @Inject
    private JobContext job;

    @Inject
    private EvacuationJobs jobs;

    @Inject
    private EvacuationRun run;

    @Inject
    private Preparation preparation;

    @Inject
    private EvacuationService evacuations;

    @Override
    public String process() {
        try {
            Optional<Evacuation> earlier = jobs.ofEarlierExecutions(job.getExecutionId());
            UUID id = evacuation != null && !evacuation.isBlank()
                    ? UUID.fromString(evacuation)
                    : earlier.map(Evacuation::id).orElseGet(this::prepare);
            if (!run.enter(id)) {
                return WORKED_ON;
            }
            job.setTransientUserData(new JobProgress(id, earlier.isPresent()));
            Evacuation known = evacuations.executedBy(id, job.getExecutionId());
            return known.id().toString();
        } catch (RuntimeException e) {
            var failure = FailureException.failureOf(e);
            job.setExitStatus(failure.code() + ": " + failure.message());
            throw e;
        }
    }

    private UUID prepare() {
        return preparation
                .prepare(EvacuationRequests.ofText(host, targets, policy, deadline), BATCH)
                .id();
    }
}
