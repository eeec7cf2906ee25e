package dev.drover.chaos;

/** The controller was killed at this very point. An error, so that nothing in the product can catch and outlive it. */
final class ControllerKilled extends Error {

    private static final long serialVersionUID = 1L;

    ControllerKilled(String where) {
        super("killed " + where, null, false, false);
    }
}
