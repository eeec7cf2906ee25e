package dev.drover.jmx;

/**
 * The connections to one host. All figures are a moment's, read one after the other: they need not add up.
 */
public interface ConnectionPoolMXBean {

    /** UNUSED, CONNECTED, BROKEN or CLOSED. */
    String getState();

    int getActiveControl();

    int getIdleControl();

    int getMaxControl();

    int getActiveWork();

    int getIdleWork();

    int getMaxWork();

    /** Connections opened since the first lease. */
    long getCreated();

    /** Attempts that failed and connections that broke. */
    long getFailures();

    /** Leases held for too long. */
    long getLeaks();

    /** Leases that had to wait. */
    long getWaits();

    /** The most recent failure; empty when there was none. */
    String getLastFailure();
}
