package dev.drover.startup;

import dev.drover.migration.FixedConcurrency;
import dev.drover.migration.MigrationConfig;
import dev.drover.migration.MigrationScheduler;
import dev.drover.ownership.LifeStore;
import dev.drover.ownership.NodeIdentity;
import dev.drover.ownership.Ownership;
import dev.drover.time.RealTimers;
import dev.drover.time.Timers;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorDefinition;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.jspecify.annotations.NullUnmarked;

/** The container's executors and the clock as what the rest of Drover asks for. */
@ApplicationScoped
@ManagedExecutorDefinition(name = "java:app/concurrent/drover", maxAsync = 64)
@ManagedExecutorDefinition(name = "java:app/concurrent/drover-heartbeat", maxAsync = 2)
@NullUnmarked
public class Resources {

    @Resource(lookup = "java:app/concurrent/drover")
    private ManagedExecutorService executor;

    // hosts that hang may hold all of the others' threads; the lease must not depend on hosts
    @Resource(lookup = "java:app/concurrent/drover-heartbeat")
    private ManagedExecutorService heartbeat;

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
    @Singleton
    NodeIdentity node() {
        // the server's own folder: what another server must not share
        return NodeIdentity.of(Path.of(System.getProperty("jboss.server.data.dir"), "drover"));
    }

    @Produces
    @Singleton
    Ownership ownership(LifeStore store, Timers timers, NodeIdentity node) {
        return new Ownership(store, CrashSettings.lease(System.getProperties()), timers, heartbeat, node.node());
    }

    @Produces
    MigrationConfig migrationConfig() {
        return CrashSettings.migration(System.getProperties());
    }

    @Produces
    MigrationScheduler scheduler(MigrationConfig config) {
        return new FixedConcurrency(config.outgoingPerHost(), config.incomingPerHost());
    }
}
