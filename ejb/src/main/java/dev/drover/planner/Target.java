package dev.drover.planner;

import dev.drover.model.HostSnapshot;

/**
 * A host that may take domains.
 *
 * @param reservedMiB memory promised to migrations that have not arrived yet, MiB
 */
public record Target(HostSnapshot host, long reservedMiB) {

    String name() {
        return host.host().name();
    }

    /** Memory that is neither used nor promised, MiB; negative when the host is overcommitted. */
    long freeMiB() {
        return host.node().map(node -> node.freeMemoryMiB() - reservedMiB).orElse(0L);
    }

    Target reserving(long memoryMiB) {
        return new Target(host, reservedMiB + memoryMiB);
    }
}
