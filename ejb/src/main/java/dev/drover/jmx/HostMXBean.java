package dev.drover.jmx;

/** A host as it was seen a few seconds ago. */
public interface HostMXBean {

    String getUri();

    /** ONLINE, OFFLINE, or UNKNOWN before the first look. */
    String getState();

    /** Why it is offline; empty otherwise. */
    String getProblem();

    /** Domains that hold memory. */
    int getActiveDomains();

    long getMemoryMiB();

    long getFreeMemoryMiB();
}
