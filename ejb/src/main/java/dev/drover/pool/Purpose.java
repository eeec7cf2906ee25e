package dev.drover.pool;

/** What a connection is borrowed for; each purpose has its own bound, so that migrations never starve control calls. */
public enum Purpose {
    /** Short calls: look, ask, abort. */
    CONTROL,
    /** Held as long as a migration takes. */
    WORK
}
