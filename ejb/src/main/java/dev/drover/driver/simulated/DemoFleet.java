package dev.drover.driver.simulated;

import dev.drover.model.DomainStatus;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Four hosts and forty domains of mixed size, two of them hot, that fit on any three of the hosts. */
final class DemoFleet {

    private static final double MIB = 1024.0 * 1024.0;
    private static final int HOSTS = 4;
    private static final int DOMAINS = 40;
    private static final String[] ROLES = {"web", "app", "db", "cache", "build"};
    private static final long[] SIZES_MIB = {512, 1024, 4096, 2048, 1024};

    private DemoFleet() {}

    static List<SimulatedHost> hosts() {
        List<SimulatedHost> hosts = new ArrayList<>();
        for (int i = 1; i <= HOSTS; i++) {
            hosts.add(new SimulatedHost("h" + i, 32, 64 * 1024L, 1250 * MIB));
        }
        return hosts;
    }

    static List<SimulatedDomain> domains() {
        List<SimulatedDomain> domains = new ArrayList<>();
        for (int i = 0; i < DOMAINS; i++) {
            String name = ROLES[i % ROLES.length] + "-" + (i / ROLES.length + 1);
            long memoryMiB = SIZES_MIB[i % SIZES_MIB.length];
            // the first two databases are hot: half of what a link carries, over a large working set
            boolean hot = name.equals("db-1") || name.equals("db-2");
            domains.add(new SimulatedDomain(
                    UUID.nameUUIDFromBytes(("drover demo " + name).getBytes(StandardCharsets.UTF_8)),
                    name,
                    "h" + (i % HOSTS + 1),
                    DomainStatus.running(),
                    memoryMiB,
                    2,
                    (hot ? 150 : 10) * MIB,
                    memoryMiB * MIB / (hot ? 2 : 20)));
        }
        return domains;
    }
}
