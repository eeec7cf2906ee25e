package dev.drover.startup;

import dev.drover.migration.FixedConcurrency;
import dev.drover.migration.MigrationConfig;
import dev.drover.migration.MigrationScheduler;
import dev.drover.ownership.LifeStore;
import dev.drover.ownership.NodeIdentity;
import dev.drover.ownership.Ownership;
import dev.drover.time.RealTimers;
import dev.drover.time.Timers;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;

/** The executors, the timers and the clock as what the rest of Drover asks for; the threads are its own (ADR 10). */
@ApplicationScoped
@NullUnmarked
public class Resources {

    private static final int WORKERS = 64;
    private static final int HEARTBEATS = 2;

    @Resource
    private ContextService contexts;

    private final ScheduledExecutorService clockwork = Executors.newScheduledThreadPool(2, named("drover-timers"));
    private final Executor workers = pool(WORKERS, "drover-worker");

    // hosts that hang may hold all of the others' threads; the lease must not depend on hosts
    private final Executor heartbeat = pool(HEARTBEATS, "drover-heartbeat");

    private static ThreadFactory named(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    // its threads end by themselves when nobody needs them: whoever ends last may still need one
    private static Executor pool(int threads, String name) {
        var pool = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    @PreDestroy
    void stop() {
        clockwork.shutdownNow();
    }

    @Produces
    Executor executor() {
        return inContext(workers);
    }

    private Executor inContext(Executor threads) {
        return task -> threads.execute(contexts.contextualRunnable(task));
    }

    @Produces
    @ApplicationScoped
    Timers timers() {
        return new RealTimers(clockwork, contexts::contextualRunnable);
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
        return new Ownership(
                store, CrashSettings.lease(System.getProperties()), timers, inContext(heartbeat), node.node());
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
