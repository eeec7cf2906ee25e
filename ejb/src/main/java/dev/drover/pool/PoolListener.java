package dev.drover.pool;

import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;

/**
 * Hears everything that happens in the pool, which itself neither logs nor counts. Called on borrowers', timer and I/O
 * threads while no lock is held: it must neither block nor throw.
 */
public interface PoolListener {

    default void opened(ConnectUri uri, Purpose purpose) {}

    default void openFailed(ConnectUri uri, Purpose purpose, Failure cause) {}

    /** A connection left idle for long did not answer; it is replaced. */
    default void pingFailed(ConnectUri uri, Purpose purpose, Failure cause) {}

    /** An open connection broke by itself. */
    default void lost(ConnectUri uri, Purpose purpose, Failure cause) {}

    /** The pool is done with a connection and closes it. */
    default void closing(ConnectUri uri, Purpose purpose) {}

    /** Closing a connection failed; it is forgotten all the same. */
    default void closeFailed(ConnectUri uri, Purpose purpose, Failure cause) {}

    /** A borrower has to wait for a connection to be returned. */
    default void waiting(ConnectUri uri, Purpose purpose) {}

    /** A borrower waited in vain. */
    default void exhausted(ConnectUri uri, Purpose purpose, Failure refusal) {}

    /** Told once for each lease. */
    default void leaked(Leak leak) {}

    default void stateChanged(ConnectionStateChanged change) {}
}
