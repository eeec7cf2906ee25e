package dev.drover.startup;

import dev.drover.migration.FixedConcurrency;
import dev.drover.migration.MigrationConfig;
import dev.drover.migration.MigrationScheduler;
import dev.drover.time.RealTimers;
import dev.drover.time.Timers;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorDefinition;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.jspecify.annotations.NullUnmarked;

/** The container's executors and the clock as what the rest of Drover asks for. */
@ApplicationScoped
@ManagedExecutorDefinition(name = "java:app/concurrent/drover", maxAsync = 64)
@NullUnmarked
public class Resources {

    @Resource(lookup = "java:app/concurrent/drover")
    private ManagedExecutorService executor;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    @Produces
    Executor executor() {
        return executor;
    }

    @Produces
    @ApplicationScoped
    Timers timers() {
        return new RealTimers(scheduler);
    }

    @Produces
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    MigrationConfig migrationConfig() {
        return MigrationConfig.defaults();
    }

    @Produces
    MigrationScheduler scheduler(MigrationConfig config) {
        return new FixedConcurrency(config.outgoingPerHost(), config.incomingPerHost());
    }
}
