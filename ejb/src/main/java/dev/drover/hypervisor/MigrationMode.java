package dev.drover.hypervisor;

/** Who drives the phases of a migration; what a crash leaves behind depends on it (LIBVIRT.md). */
public enum MigrationMode {
    /** The source host, which connects to the destination itself: it goes on when the client dies. */
    PEER_TO_PEER,
    /** This client, with a connection to each host: it ends when the client dies, and may leave a copy standing still. */
    MANAGED
}
