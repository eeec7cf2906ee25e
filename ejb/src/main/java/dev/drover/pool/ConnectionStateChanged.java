package dev.drover.pool;

import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import java.util.Optional;

/**
 * The CDI event that tells of a host's connections. It is fired asynchronously ({@code @ObservesAsync}), in the order
 * of the changes, and is old news when it arrives: ask the pool's statistics for the present.
 *
 * @param cause why, when the new state is {@link State#BROKEN}
 */
public record ConnectionStateChanged(ConnectUri uri, State from, State to, Optional<Failure> cause) {

    /** How a host's connections are. */
    public enum State {
        /** No connection was asked for yet. */
        UNUSED,
        /** The latest attempt to connect went well and nothing broke since. */
        CONNECTED,
        /** A connection broke or could not be opened, and no attempt went well since. */
        BROKEN,
        /** Evicted, or drained with the application; final. */
        CLOSED
    }
}
