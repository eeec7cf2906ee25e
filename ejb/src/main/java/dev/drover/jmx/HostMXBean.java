package dev.drover.jmx;

/** A host as it was seen a few seconds ago. */
@Description("A host as it was seen a few seconds ago.")
public interface HostMXBean {

    @Description("Where its hypervisor is reached.")
    String getUri();

    @Description("ONLINE, OFFLINE, or UNKNOWN before the first look.")
    String getState();

    @Description("Why it is offline; empty otherwise.")
    String getProblem();

    @Description("Domains that hold memory there.")
    int getActiveDomains();

    @Description("All of its memory, MiB.")
    long getMemoryMiB();

    @Description("Memory for further domains, MiB, as the hypervisor sees it.")
    long getFreeMemoryMiB();

    @Description("Asks the host which flags, params and verbs a migration away from it may use, one kind a line.")
    String migrationSupport();
}
