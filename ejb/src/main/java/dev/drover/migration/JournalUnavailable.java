package dev.drover.migration;

import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;

/** The journal did not take or give a row: the database is gone or its disk is full. Whether a write got there is unknown. */
public final class JournalUnavailable extends FailureException {

    private static final long serialVersionUID = 1L;

    JournalUnavailable(Exception cause) {
        super(
                Failure.of(
                        FailureCode.JOURNAL_UNAVAILABLE,
                        "the journal cannot be written or read (" + reason(cause)
                                + "); nothing new starts until it can,"
                                + " what runs is followed on: see to the database and its disk"),
                cause);
    }

    // the innermost cause is the database's own word; those around it only say that something failed
    private static String reason(Throwable cause) {
        Throwable innermost = cause;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        return String.valueOf(innermost.getMessage());
    }
}
