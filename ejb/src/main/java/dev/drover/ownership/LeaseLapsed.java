package dev.drover.ownership;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;

/**
 * The lease could not be renewed in time, so that nothing may be changed now; it may come back with the database. Whoever
 * gets this waits and asks again.
 */
public final class LeaseLapsed extends FailureException {

    private static final long serialVersionUID = 1L;

    LeaseLapsed() {
        super(
                FailureCode.JOURNAL_UNAVAILABLE,
                "this server's lease has run out because the database did not answer in time, and another server may have"
                        + " taken over; nothing is changed until the lease is renewed: see to the database");
    }
}
