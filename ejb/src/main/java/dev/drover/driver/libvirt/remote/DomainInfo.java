package dev.drover.driver.libvirt.remote;

/**
 * A domain's size and what it has done, as {@code virDomainGetInfo}.
 *
 * @param cpuNanos time its virtual CPUs have run
 */
public record DomainInfo(long maxMemoryKiB, int vcpus, long cpuNanos) {}
