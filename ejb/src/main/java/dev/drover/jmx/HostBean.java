package dev.drover.jmx;

import dev.drover.fleet.HostInspector;
import dev.drover.fleet.HostMonitor;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.model.Failure;
import dev.drover.model.Host;
import dev.drover.model.HostSnapshot;
import dev.drover.model.MigrateParam;
import dev.drover.model.NodeInfo;
import java.util.Optional;

/** {@code drover:type=Host,name=…}. */
final class HostBean implements HostMXBean {

    private final Host host;
    private final HostMonitor monitor;
    private final HostInspector inspector;

    HostBean(Host host, HostMonitor monitor, HostInspector inspector) {
        this.host = host;
        this.monitor = monitor;
        this.inspector = inspector;
    }

    private Optional<HostSnapshot> latest() {
        return monitor.latest(host.name());
    }

    @Override
    public String getUri() {
        return host.uri().toString();
    }

    @Override
    public String getState() {
        return latest().map(seen -> seen.state().name()).orElse("UNKNOWN");
    }

    @Override
    public String getProblem() {
        return latest().flatMap(HostSnapshot::problem).map(Failure::message).orElse("");
    }

    @Override
    public int getActiveDomains() {
        return latest().map(seen -> seen.activeDomains().size()).orElse(0);
    }

    @Override
    public long getMemoryMiB() {
        return latest().flatMap(HostSnapshot::node).map(NodeInfo::memoryMiB).orElse(0L);
    }

    @Override
    public long getFreeMemoryMiB() {
        return latest().flatMap(HostSnapshot::node).map(NodeInfo::freeMemoryMiB).orElse(0L);
    }

    @Override
    public String migrationSupport() {
        MigrationSupport support = JmxRefusal.explained(() -> inspector.migrationSupport(host));
        return String.join(
                "\n",
                support.label(),
                "flags: " + support.flags(),
                "params: " + support.params().stream().map(MigrateParam::key).toList(),
                "compression: " + support.compressions(),
                "schemes of migrate_uri: " + support.dataSchemes(),
                "modes: " + support.modes(),
                "verbs: " + support.verbs());
    }
}
