package dev.drover.driver.libvirt.remote;

/** A domain's size, as {@code virDomainGetInfo}. */
public record DomainInfo(long maxMemoryKiB, int vcpus) {}
