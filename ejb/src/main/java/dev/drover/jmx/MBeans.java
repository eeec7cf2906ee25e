package dev.drover.jmx;

import dev.drover.audit.AuditTrail;
import dev.drover.evacuation.Alerts;
import dev.drover.evacuation.EvacuationService;
import dev.drover.evacuation.EvacuationVerbs;
import dev.drover.evacuation.Preparation;
import dev.drover.evacuation.TransitionLog;
import dev.drover.fleet.HostInspector;
import dev.drover.fleet.HostMonitor;
import dev.drover.fleet.HostRegistry;
import dev.drover.migration.Journal;
import dev.drover.migration.MigrationRequests;
import dev.drover.model.Host;
import dev.drover.pool.ConnectionPool;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Registers the MBeans with the application and takes all of them away with it. */
@ApplicationScoped
public class MBeans {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Set<ObjectName> registered = new LinkedHashSet<>();
    private final HostRegistry registry;
    private final HostMonitor monitor;
    private final HostInspector inspector;
    private final ConnectionPool pool;
    private final TransitionLog log;
    private final Migrations migrations;
    private final Evacuations evacuations;
    private Runnable unwatch = () -> {};

    @Inject
    public MBeans(
            HostRegistry registry,
            HostMonitor monitor,
            HostInspector inspector,
            ConnectionPool pool,
            TransitionLog log,
            MigrationRequests requests,
            Journal journal,
            AuditTrail audit,
            Alerts alerts,
            Preparation preparation,
            EvacuationService service,
            EvacuationVerbs verbs) {
        this.registry = registry;
        this.monitor = monitor;
        this.inspector = inspector;
        this.pool = pool;
        this.log = log;
        this.migrations = new Migrations(requests, journal, audit);
        this.evacuations = new Evacuations(preparation, service, verbs, alerts);
    }

    public synchronized void register() {
        add("type=Migrations", DescribedBean.of(migrations, MigrationsMXBean.class));
        add("type=Evacuations", DescribedBean.of(evacuations, EvacuationsMXBean.class));
        registry.hosts().forEach(this::add);
        unwatch = log.watch(evacuations::tell);
    }

    synchronized void registryChanged(@Observes HostRegistry.RegistryChanged change) {
        // before the start is over, register() will see the host itself
        if (registered.isEmpty()) {
            return;
        }
        if (change.added()) {
            add(change.host());
        } else {
            remove(name("type=Host,name=" + change.host().name()));
            remove(name("type=ConnectionPool,host=" + change.host().name()));
        }
    }

    private void add(Host host) {
        add(
                "type=Host,name=" + host.name(),
                DescribedBean.of(new HostBean(host, monitor, inspector), HostMXBean.class));
        add(
                "type=ConnectionPool,host=" + host.name(),
                DescribedBean.of(new PoolBean(host, pool), ConnectionPoolMXBean.class));
    }

    private void add(String keys, DescribedBean bean) {
        ObjectName name = name(keys);
        try {
            server.registerMBean(bean, name);
            registered.add(name);
        } catch (JMException e) {
            throw new IllegalStateException("cannot register " + name, e);
        }
    }

    private void remove(ObjectName name) {
        try {
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
            registered.remove(name);
        } catch (JMException e) {
            throw new IllegalStateException("cannot unregister " + name, e);
        }
    }

    private static ObjectName name(String keys) {
        try {
            return new ObjectName("drover:" + keys);
        } catch (JMException e) {
            throw new IllegalArgumentException(keys, e);
        }
    }

    @PreDestroy
    synchronized void unregister() {
        unwatch.run();
        Set.copyOf(registered).forEach(this::remove);
    }
}
