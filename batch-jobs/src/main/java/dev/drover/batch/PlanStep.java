package dev.drover.batch;

import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationRequests;
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
            Evacuation known = evacuations.executedBy(id, job.getExecutionId());
            job.setTransientUserData(new JobProgress(id, earlier.isPresent()));
            return known.id().toString();
        } catch (RuntimeException e) {
            var failure = FailureException.failureOf(e);
            job.setExitStatus(failure.code() + ": " + failure.message());
            throw e;
        }
    }

    private UUID prepare() {
        return preparation
                .prepare(EvacuationRequests.ofText(host, targets, policy, deadline), "batch job")
                .id();
    }
}
