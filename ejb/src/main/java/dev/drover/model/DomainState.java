package dev.drover.model;

/** A domain's state, in the order of libvirt's {@code virDomainState}: the ordinal is the number on the wire. */
public enum DomainState {
    NOSTATE,
    RUNNING,
    BLOCKED,
    PAUSED,
    SHUTDOWN,
    SHUTOFF,
    CRASHED,
    PMSUSPENDED;

    /** The state of libvirt's number; one that this version does not know is {@link #NOSTATE}. */
    public static DomainState ofLibvirt(int number) {
        return number >= 0 && number < values().length ? values()[number] : NOSTATE;
    }
}
