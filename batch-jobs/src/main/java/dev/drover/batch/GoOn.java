package dev.drover.batch;

import dev.drover.evacuation.EvacuationStore;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.NullUnmarked;

/** At the server's start: goes on with every evacuation that was under way when it ended. */
@Singleton
@Startup
@DependsOn("drover-ejb.jar#Boot")
@TransactionManagement(TransactionManagementType.BEAN)
@NullUnmarked
public class GoOn {

    private static final System.Logger LOG = System.getLogger(GoOn.class.getName());

    @Inject
    private EvacuationStore store;

    @Inject
    private EvacuationJobs jobs;

    @PostConstruct
    void start() {
        store.unfinished().forEach(evacuation -> {
            LOG.log(Level.INFO, "going on with evacuation {0} of {1}", evacuation.id(), evacuation.host());
            try {
                jobs.goOn(evacuation);
            } catch (RuntimeException e) {
                // the others must not wait for this one
                LOG.log(Level.ERROR, "evacuation " + evacuation.id() + " cannot go on by itself; resume it", e);
            }
        });
    }
}
