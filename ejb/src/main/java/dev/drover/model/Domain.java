package dev.drover.model;

import java.util.UUID;

/**
 * A virtual machine as its host described it at one moment; it may have changed since.
 *
 * @param memoryMiB memory the guest may use at most, MiB
 * @param persistent whether the host keeps a definition of it when it is off
 */
public record Domain(UUID uuid, String name, DomainStatus status, long memoryMiB, int vcpus, boolean persistent) {}
