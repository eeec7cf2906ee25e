package dev.drover.pool;

import dev.drover.hypervisor.HypervisorConnection;

/**
 * A connection on loan, for try-with-resources. Closing returns it to the pool; do not close the connection itself nor
 * keep it afterwards. A connection that broke in the meantime is closed instead of being lent again.
 */
public interface Lease extends AutoCloseable {

    /** @throws IllegalStateException when the lease is over */
    HypervisorConnection connection();

    /** Ends the loan; never waits for the host, harmless when repeated. */
    @Override
    void close();
}
