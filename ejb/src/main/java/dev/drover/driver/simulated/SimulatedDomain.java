package dev.drover.driver.simulated;

import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import java.util.UUID;

/**
 * A guest that nobody runs.
 *
 * @param host name of the host it is on
 * @param dirtyRate bytes per second that it changes
 * @param workingSet bytes that it changes again and again
 */
record SimulatedDomain(
        UUID uuid,
        String name,
        String host,
        DomainStatus status,
        long memoryMiB,
        int vcpus,
        double dirtyRate,
        double workingSet) {

    Domain domain() {
        return new Domain(uuid, name, status, memoryMiB, vcpus, false);
    }

    SimulatedDomain running() {
        return new SimulatedDomain(uuid, name, host, DomainStatus.running(), memoryMiB, vcpus, dirtyRate, workingSet);
    }

    SimulatedDomain movedTo(String destination, String newName) {
        return new SimulatedDomain(
                uuid,
                newName,
                destination,
                new DomainStatus(dev.drover.model.DomainState.RUNNING, DomainStatus.RUNNING_MIGRATED),
                memoryMiB,
                vcpus,
                dirtyRate,
                workingSet);
    }
}
