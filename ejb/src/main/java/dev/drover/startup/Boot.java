package dev.drover.startup;

import dev.drover.fleet.HostMonitor;
import dev.drover.fleet.HostRegistry;
import dev.drover.jmx.MBeans;
import dev.drover.migration.Journal;
import dev.drover.migration.MigrationService;
import dev.drover.persistence.Schema;
import jakarta.annotation.PostConstruct;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.NullUnmarked;

/** The order of the start: schema, hosts, migrations that nobody's evacuation owns; evacuations go on by their jobs. */
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
    private Journal journal;

    @Inject
    private MigrationService migrations;

    @Inject
    private MBeans beans;

    @PostConstruct
    void start() {
        schema.migrate();
        String seed = System.getenv().getOrDefault("DROVER_HOSTS", "");
        registry.seed(seed);
        migrations.takeUp(journal.unfinished().stream()
                .filter(migration -> migration.evacuation() == null)
                .toList());
        beans.register();
        monitor.start();
        LOG.log(Level.INFO, "Drover is up with {0} hosts", registry.hosts().size());
    }
}
