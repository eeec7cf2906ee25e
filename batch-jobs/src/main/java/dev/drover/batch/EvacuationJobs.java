package dev.drover.batch;

import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationLauncher;
import dev.drover.evacuation.EvacuationState;
import dev.drover.evacuation.EvacuationStore;
import jakarta.batch.operations.JobOperator;
import jakarta.batch.operations.NoSuchJobExecutionException;
import jakarta.batch.runtime.BatchRuntime;
import jakarta.batch.runtime.BatchStatus;
import jakarta.batch.runtime.JobExecution;
import jakarta.ejb.Local;
import jakarta.ejb.LocalBean;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/**
 * Starts and restarts the batch job. The only user of the job operator: WildFly picks that by the calling module, so a
 * job started elsewhere would belong elsewhere.
 */
@Stateless
@LocalBean
@Local(EvacuationLauncher.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@NullUnmarked
public class EvacuationJobs implements EvacuationLauncher {

    static final String JOB = "evacuate-host";
    static final String EVACUATION = "evacuation";

    @Inject
    private EvacuationStore store;

    @Override
    public long start(UUID evacuation) {
        Properties parameters = new Properties();
        parameters.setProperty(EVACUATION, evacuation.toString());
        return operator().start(JOB, parameters);
    }

    @Override
    public long resume(UUID evacuation, long execution) {
        return latest(execution)
                .map(job -> switch (job.getBatchStatus()) {
                    case STARTING, STARTED, STOPPING -> job.getExecutionId();
                    case STOPPED, FAILED -> operator().restart(job.getExecutionId(), new Properties());
                    case COMPLETED, ABANDONED -> start(evacuation);
                })
                .orElseGet(() -> start(evacuation));
    }

    // the lease says that this server owns it and no job here works on it: no execution can be alive whatever its row
    // says
    @Override
    public void goOn(Evacuation evacuation) {
        Optional<JobExecution> latest = latest(evacuation.execution());
        Optional<BatchStatus> status = latest.map(JobExecution::getBatchStatus);
        if (evacuation.state() == EvacuationState.PAUSED && status.equals(Optional.of(BatchStatus.STOPPED))) {
            return;
        }
        if (status.isEmpty() || status.get() == BatchStatus.COMPLETED || status.get() == BatchStatus.ABANDONED) {
            start(evacuation.id());
            return;
        }
        Properties force = new Properties();
        force.setProperty("jberet.restart.mode", "force");
        operator().restart(latest.get().getExecutionId(), force);
    }

    /** The evacuation that earlier executions of the same job instance worked on. */
    public Optional<Evacuation> ofEarlierExecutions(long execution) {
        List<Long> earlier = operator().getJobExecutions(operator().getJobInstance(execution)).stream()
                .map(JobExecution::getExecutionId)
                .filter(id -> id != execution)
                .toList();
        return earlier.isEmpty() ? Optional.empty() : store.ofExecutions(earlier);
    }

    // not the one that the journal knows: an execution that came to its end before it could write itself down there, as
    // when the disk is full, is not known, and only the latest can be restarted
    private static Optional<JobExecution> latest(long execution) {
        try {
            return execution == 0
                    ? Optional.empty()
                    : operator().getJobExecutions(operator().getJobInstance(execution)).stream()
                            .max(Comparator.comparingLong(JobExecution::getExecutionId));
        } catch (NoSuchJobExecutionException e) {
            return Optional.empty();
        }
    }

    private static JobOperator operator() {
        return BatchRuntime.getJobOperator();
    }
}
