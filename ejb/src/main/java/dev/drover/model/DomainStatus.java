package dev.drover.model;

/**
 * A domain's state with libvirt's reason number, whose meaning depends on the state. The constants are those that
 * decide what became of a migration ({@code virDomainRunningReason} and its kin).
 *
 * @param reason libvirt's reason; 0 is unknown
 */
public record DomainStatus(DomainState state, int reason) {

    public static final int PAUSED_USER = 1;
    public static final int PAUSED_MIGRATION = 2;
    public static final int PAUSED_POSTCOPY = 12;
    public static final int PAUSED_POSTCOPY_FAILED = 13;
    public static final int RUNNING_BOOTED = 1;
    public static final int RUNNING_MIGRATED = 2;
    public static final int RUNNING_POSTCOPY = 10;
    public static final int RUNNING_POSTCOPY_FAILED = 11;
    public static final int SHUTOFF_SHUTDOWN = 1;
    public static final int SHUTOFF_CRASHED = 3;
    public static final int SHUTOFF_MIGRATED = 4;

    public static DomainStatus running() {
        return new DomainStatus(DomainState.RUNNING, RUNNING_BOOTED);
    }

    /** Running in the sense of the scheduler: its virtual CPUs execute or wait for something to do. */
    public boolean isRunning() {
        return state == DomainState.RUNNING || state == DomainState.BLOCKED;
    }

    /** Paused by the migration itself, not by a user: which copy goes on is not settled yet. */
    public boolean isPausedForMigration() {
        return state == DomainState.PAUSED && reason == PAUSED_MIGRATION;
    }

    /** Paused because a user wants it so. */
    public boolean isPausedByUser() {
        return state == DomainState.PAUSED && reason == PAUSED_USER;
    }

    /** Off because the guest itself has ended, and not for what was done to an incoming copy of it. */
    public boolean hasRun() {
        return state == DomainState.SHUTOFF && (reason == SHUTOFF_SHUTDOWN || reason == SHUTOFF_CRASHED);
    }

    /** In any phase of post-copy, where neither copy is complete. */
    public boolean isPostCopy() {
        return switch (state) {
            case RUNNING -> reason == RUNNING_POSTCOPY || reason == RUNNING_POSTCOPY_FAILED;
            case PAUSED -> reason == PAUSED_POSTCOPY || reason == PAUSED_POSTCOPY_FAILED;
            case NOSTATE, BLOCKED, SHUTDOWN, SHUTOFF, CRASHED, PMSUSPENDED -> false;
        };
    }

    /** Broken off in post-copy: this copy waits for the migration to be recovered. */
    public boolean isBrokenPostCopy() {
        return state == DomainState.RUNNING && reason == RUNNING_POSTCOPY_FAILED
                || state == DomainState.PAUSED && reason == PAUSED_POSTCOPY_FAILED;
    }

    /** Whether the hypervisor holds the guest's memory in this state. */
    public boolean isActive() {
        return switch (state) {
            case RUNNING, BLOCKED, PAUSED, SHUTDOWN, PMSUSPENDED -> true;
            case NOSTATE, SHUTOFF, CRASHED -> false;
        };
    }
}
