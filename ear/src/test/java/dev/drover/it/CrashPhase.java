package dev.drover.it;

import static dev.drover.driver.libvirt.remote.Procedure.DOMAIN_MIGRATE_BEGIN3_PARAMS;
import static dev.drover.driver.libvirt.remote.Procedure.DOMAIN_MIGRATE_CONFIRM3_PARAMS;
import static dev.drover.driver.libvirt.remote.Procedure.DOMAIN_MIGRATE_FINISH3_PARAMS;
import static dev.drover.driver.libvirt.remote.Procedure.DOMAIN_MIGRATE_PERFORM3_PARAMS;
import static dev.drover.driver.libvirt.remote.Procedure.DOMAIN_MIGRATE_PREPARE3_PARAMS;
import static dev.drover.driver.libvirt.remote.Procedure.DOMAIN_MIGRATE_START_POST_COPY;
import static dev.drover.driver.libvirt.remote.Procedure.NODE_GET_INFO;

import dev.drover.driver.libvirt.wire.Header;
import dev.drover.hypervisor.MigrationMode;
import java.util.function.BooleanSupplier;

/** A moment of an evacuation at which its server is killed, by the messages that mark it. */
enum CrashPhase {
    /** The journal says that the call is next; no host has heard of it. */
    BEFORE_BEGIN,
    /** The destination makes its copy. */
    DURING_PREPARE,
    /** The first bytes of memory are sent. */
    PERFORM_EARLY,
    /** Most of a guest's memory has been sent, as its source says. */
    PERFORM_LATE,
    /** The guest stands still on both hosts. */
    BETWEEN_PERFORM_AND_FINISH,
    /** It runs on the destination and stands still on the source. */
    BETWEEN_FINISH_AND_CONFIRM,
    /** The source has heard that the guest shall go on elsewhere before its memory is there. */
    POST_COPY_SWITCH,
    /** Everything has moved, and the emptied host is asked whether it is empty. */
    VERIFY;

    /**
     * The trap that springs then. Peer to peer, the messages between the hosts mark it: they too go through the proxies.
     *
     * @param allMoved whether every migration of the evacuation is journalled as completed
     */
    Trap trap(MigrationMode mode, BooleanSupplier allMoved) {
        return switch (this) {
            case BEFORE_BEGIN ->
                held(mode == MigrationMode.MANAGED ? DOMAIN_MIGRATE_BEGIN3_PARAMS : DOMAIN_MIGRATE_PERFORM3_PARAMS);
            case DURING_PREPARE -> passed(DOMAIN_MIGRATE_PREPARE3_PARAMS, Header.TYPE_CALL);
            case PERFORM_EARLY ->
                mode == MigrationMode.MANAGED
                        ? passed(DOMAIN_MIGRATE_PERFORM3_PARAMS, Header.TYPE_CALL)
                        : passed(DOMAIN_MIGRATE_PREPARE3_PARAMS, Header.TYPE_REPLY);
            case PERFORM_LATE -> Trap.none();
            case BETWEEN_PERFORM_AND_FINISH -> held(DOMAIN_MIGRATE_FINISH3_PARAMS);
            // peer to peer, Confirm is the source's own affair: what comes before it is the answer to Finish
            case BETWEEN_FINISH_AND_CONFIRM ->
                mode == MigrationMode.MANAGED
                        ? held(DOMAIN_MIGRATE_CONFIRM3_PARAMS)
                        : Trap.holding(frame -> frame.is(DOMAIN_MIGRATE_FINISH3_PARAMS, Header.TYPE_REPLY), 1);
            case POST_COPY_SWITCH -> passed(DOMAIN_MIGRATE_START_POST_COPY, Header.TYPE_CALL);
            // the fleet's monitor asks the same now and then, one question at a time: the second is the verdict's
            case VERIFY ->
                Trap.holding(
                        frame -> frame.host().equals("h1")
                                && frame.is(NODE_GET_INFO, Header.TYPE_CALL)
                                && allMoved.getAsBoolean(),
                        2);
        };
    }

    private static Trap held(int procedure) {
        return Trap.holding(frame -> frame.is(procedure, Header.TYPE_CALL), 1);
    }

    private static Trap passed(int procedure, int type) {
        return Trap.letting(frame -> frame.is(procedure, type), 1);
    }
}
