package dev.drover.migration;

/** Where a migration stands; each word means what it says, also after a crash. */
public enum MigrationState {
    /** Wanted, nothing has been asked of a hypervisor yet. */
    PLANNED,
    /** A hypervisor has been, or is about to be, asked; the outcome is not known. */
    RUNNING,
    /** The domain was seen on the destination and gone from the source. */
    COMPLETED,
    /** No target can take it; nothing was tried. */
    BLOCKED,
    /** It was tried and the domain is where it was, or its whereabouts need a human, as the reason says. */
    FAILED,
    /** Called off; the domain is where it was. */
    CANCELLED;

    /** Whether it stays so for ever. */
    public boolean isFinal() {
        return switch (this) {
            case PLANNED, RUNNING -> false;
            case COMPLETED, BLOCKED, FAILED, CANCELLED -> true;
        };
    }
}
