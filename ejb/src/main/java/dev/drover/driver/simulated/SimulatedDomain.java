package dev.drover.driver.simulated;

import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import java.util.UUID;

/**
 * One host's copy of a guest that nobody runs. While it migrates, and after a migration that broke, two hosts have one.
 *
 * @param host name of the host whose copy this is
 * @param dirtyRate bytes per second that it changes
 * @param workingSet bytes that it changes again and again
 * @param persistent whether the host keeps its definition when it is off
 */
public record SimulatedDomain(
        UUID uuid,
        String name,
        String host,
        DomainStatus status,
        long memoryMiB,
        int vcpus,
        double dirtyRate,
        double workingSet,
        boolean persistent) {

    /** A transient guest: gone when it is off. */
    public SimulatedDomain(
            UUID uuid,
            String name,
            String host,
            DomainStatus status,
            long memoryMiB,
            int vcpus,
            double dirtyRate,
            double workingSet) {
        this(uuid, name, host, status, memoryMiB, vcpus, dirtyRate, workingSet, false);
    }

    Domain domain() {
        return new Domain(uuid, name, status, memoryMiB, vcpus, persistent);
    }

    SimulatedDomain in(DomainState state, int reason) {
        return new SimulatedDomain(
                uuid, name, host, new DomainStatus(state, reason), memoryMiB, vcpus, dirtyRate, workingSet, persistent);
    }

    SimulatedDomain persistent(boolean kept) {
        return new SimulatedDomain(uuid, name, host, status, memoryMiB, vcpus, dirtyRate, workingSet, kept);
    }

    /** What the destination has of it before it may run: its memory is being filled. */
    SimulatedDomain incoming(String destination, String newName, boolean kept) {
        return new SimulatedDomain(
                uuid,
                newName,
                destination,
                new DomainStatus(DomainState.PAUSED, DomainStatus.PAUSED_MIGRATION),
                memoryMiB,
                vcpus,
                dirtyRate,
                workingSet,
                kept);
    }
}
