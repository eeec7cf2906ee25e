package dev.drover.driver.simulated;

/**
 * A host that does not exist.
 *
 * @param linkBytesPerSecond capacity of its link, each way
 */
public record SimulatedHost(String name, int cpus, long memoryMiB, double linkBytesPerSecond) {}
