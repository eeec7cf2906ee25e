package dev.drover.hypervisor;

/**
 * The steps of a migration, in their order. In {@link MigrationMode#MANAGED} mode each one is a call that this client
 * makes, and what its death leaves behind depends on how far it has come; in peer-to-peer mode the source host takes the
 * steps by itself, and the client sees {@link #PERFORM} from the beginning to the end.
 */
public enum MigrationPhase {
    /** The source describes the domain. A death leaves it running there. */
    BEGIN,
    /** The destination makes room for it. A death leaves it running on the source. */
    PREPARE,
    /** The source sends it. A death ends the copy, and it goes on running on the source; after the last byte it stands still. */
    PERFORM,
    /** The destination lets it run, or gives its copy up. A death leaves the source standing still whatever happened there. */
    FINISH,
    /** The source gives its copy up, or goes on with it. A death leaves it standing still there, running on the destination. */
    CONFIRM,
    /** Nothing more is done; the job's result says what came of it. */
    ENDED
}
