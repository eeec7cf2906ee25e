package dev.drover.pool;

import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import java.time.Instant;
import java.util.Optional;

/**
 * A host's pool in figures. They are read one after the other while leases come and go: each was true at some moment
 * of the call, together they may never have been (active may exceed max for an instant while a host is being evicted).
 * An idle connection may be dead already. Totals count from the host's first lease and begin anew after an eviction.
 *
 * @param created connections opened
 * @param failures attempts to open that failed, and open connections that broke or did not answer a ping
 * @param leaks leases that were held beyond their threshold, each counted once; they may have been closed since
 * @param waits leases that found no free connection and had to wait; about right, not exact
 * @param lastFailure the most recent one, kept when the host is well again
 * @param nextAttempt when a broken host is tried again at the earliest; it takes a caller to try
 */
public record HostPoolStatistics(
        ConnectUri uri,
        ConnectionStateChanged.State state,
        Connections control,
        Connections work,
        long created,
        long failures,
        long leaks,
        long waits,
        Optional<Failure> lastFailure,
        Optional<Instant> nextAttempt) {

    /**
     * The connections for one purpose.
     *
     * @param active on loan, or being opened for a borrower
     * @param idle ready to be lent
     * @param max of both together
     */
    public record Connections(int active, int idle, int max) {}
}
