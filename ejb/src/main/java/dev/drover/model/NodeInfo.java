package dev.drover.model;

/**
 * A host's own resources at one moment.
 *
 * @param cpus logical processors
 * @param memoryMiB all memory, MiB
 * @param freeMemoryMiB memory for further domains, MiB, as the hypervisor sees it
 */
public record NodeInfo(String cpuModel, int cpus, long memoryMiB, long freeMemoryMiB) {}
