package dev.drover.batch;

import dev.drover.evacuation.EvacuationRun;
import dev.drover.evacuation.Look;
import dev.drover.migration.Migration;
import jakarta.batch.api.chunk.AbstractItemReader;
import jakarta.batch.runtime.BatchStatus;
import jakarta.batch.runtime.context.JobContext;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.Serializable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;

/**
 * Reads the evacuation's finished migrations one by one, in the order in which they finish; the checkpoint is the place
 * of the last one. How many run at once is not this reader's business.
 */
@Named("finishedMigrations")
@Dependent
@NullUnmarked
public class FinishedMigrations extends AbstractItemReader {

    private static final long LOOK_MS = 250;

    @Inject
    private JobContext job;

    @Inject
    private EvacuationRun run;

    private int last;

    @Override
    public void open(Serializable checkpoint) {
        last = checkpoint == null ? 0 : (Integer) checkpoint;
        JobProgress progress = (JobProgress) job.getTransientUserData();
        run.open(progress.evacuation(), progress.continued());
    }

    @Override
    public Migration readItem() throws InterruptedException {
        JobProgress progress = (JobProgress) job.getTransientUserData();
        while (true) {
            Look look = run.look(progress.evacuation(), last, job.getBatchStatus() == BatchStatus.STOPPING);
            if (look instanceof Look.Finished finished) {
                last = finished.migration().finishOrder();
                return finished.migration();
            }
            if (look instanceof Look.AllReported) {
                return null;
            }
            // a reader has to block: it is the one place where a job waits
            TimeUnit.MILLISECONDS.sleep(LOOK_MS);
        }
    }

    @Override
    public Serializable checkpointInfo() {
        return last;
    }
}
