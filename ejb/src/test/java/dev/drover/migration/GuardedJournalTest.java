package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import jakarta.transaction.RollbackException;
import org.junit.jupiter.api.Test;

class GuardedJournalTest {

    /** The outcome of a migration was lost by it, on a disk that was full for a moment. */
    @Test
    void commitThatFailsMakesTheJournalUnavailableThoughItsExceptionIsUndeclared() {
        var told = assertThrows(
                JournalUnavailable.class,
                () -> GuardedJournal.guarded(() -> undeclared(new RollbackException("No space left on device"))));
        assertTrue(told.failure().message().contains("No space left on device"), told.failure()::message);
    }

    @Test
    void refusalInsideOfWhatTheContainerWrapsComesOutAsItIs() {
        var refusal = new FailureException(FailureCode.ALREADY_MIGRATING, "it is on its way");
        var told = assertThrows(
                FailureException.class,
                () -> GuardedJournal.guarded(() -> undeclared((Exception) new RollbackException().initCause(refusal))));
        assertEquals(FailureCode.ALREADY_MIGRATING, told.failure().code());
    }

    @SuppressWarnings("unchecked")
    private static <T, E extends Exception> T undeclared(Exception thrown) throws E {
        throw (E) thrown;
    }
}
