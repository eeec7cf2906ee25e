package dev.drover.startup;

import dev.drover.evacuation.Caretaker;
import dev.drover.fleet.HostMonitor;
import dev.drover.fleet.HostRegistry;
import dev.drover.jmx.MBeans;
import dev.drover.migration.MigrationConfig;
import dev.drover.migration.MigrationService;
import dev.drover.ownership.NodeIdentity;
import dev.drover.ownership.Ownership;
import dev.drover.persistence.Schema;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.NullUnmarked;

/**
 * The order of the start: schema, hosts, this life and what it inherits; evacuations go on by their jobs. And of the end:
 * no new starts, a bounded wait for what would not outlive the server, then the lease is given up.
 */
@Singleton
@Startup
@TransactionManagement(TransactionManagementType.BEAN)
@NullUnmarked
public class Boot {

    private static final System.Logger LOG = System.getLogger(Boot.class.getName());

    @Inject
    private Schema schema;

    @Inject
    private HostRegistry registry;

    @Inject
    private HostMonitor monitor;

    @Inject
    private NodeIdentity node;

    @Inject
    private Ownership ownership;

    @Inject
    private Caretaker caretaker;

    @Inject
    private MigrationService migrations;

    @Inject
    private MigrationConfig config;

    @Inject
    private MBeans beans;

    @PostConstruct
    void start() {
        schema.migrate();
        String seed = System.getenv().getOrDefault("DROVER_HOSTS", "");
        registry.seed(seed);
        ownership.begin(node.isAlone(), caretaker);
        beans.register();
        monitor.start();
        LOG.log(Level.INFO, "Drover is up with {0} hosts", registry.hosts().size());
    }

    @PreDestroy
    void stop() {
        caretaker.stop();
        try {
            migrations
                    .close()
                    .toCompletableFuture()
                    .get(config.drain().multipliedBy(3).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, "what runs was not waited for; the next start finds out what became of it", e);
        }
        ownership.close();
        node.close();
    }
}
