package dev.drover.jmx;

/**
 * The connections to one host. All figures are a moment's, read one after the other: they need not add up.
 */
@Description("The pool of connections to one host. Figures are a moment's, read one after the other.")
public interface ConnectionPoolMXBean {

    @Description("UNUSED before the first lease, CONNECTED, BROKEN (out of reach), or CLOSED.")
    String getState();

    @Description("Control connections on loan, or being opened for a borrower.")
    int getActiveControl();

    @Description("Control connections ready to be lent.")
    int getIdleControl();

    @Description("Most control connections, for short calls; set by drover.pool.control-max.")
    int getMaxControl();

    @Description("Work connections on loan; a migration holds one at each end.")
    int getActiveWork();

    @Description("Work connections ready to be lent.")
    int getIdleWork();

    @Description("Most work connections, for migrations; set by drover.pool.work-max.")
    int getMaxWork();

    @Description("Connections opened since the first lease.")
    long getCreated();

    @Description("Attempts to connect that failed, and connections that broke or did not answer.")
    long getFailures();

    @Description("Leases held for suspiciously long; the log says who took them.")
    long getLeaks();

    @Description("Leases that had to wait for another one's return.")
    long getWaits();

    @Description("The most recent failure, kept when the host is well again; empty when there was none.")
    String getLastFailure();

    @Description("When a broken host is tried again at the earliest, ISO 8601; empty when it is not broken.")
    String getNextAttempt();
}
