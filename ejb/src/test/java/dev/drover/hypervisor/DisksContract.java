package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.drover.model.Domain;
import dev.drover.model.ParamValue.IntValue;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.TypedParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a migration promises for disks that the two hosts do not share: they are copied along, whole. */
abstract class DisksContract extends ModesContract {

    // the daemon keeps a port reserved that a migration with disks_port used, so each case has its own
    private static final int FIRST_PORT = 49300;

    /** A running guest, with a disk {@code vda} where guests have any; on the other host is room for it, but no content. */
    protected Domain startGuestWithDisk(String name) throws Exception {
        return startGuest(name);
    }

    /** Proves that the destination's disk is what the source's was, where guests have any. */
    protected void proveDisk(Domain started) throws Exception {}

    static Stream<Arguments> copies() {
        List<Arguments> all = new ArrayList<>();
        for (MigrationMode mode : MigrationMode.values()) {
            for (String call : List.of(
                    "LIVE NON_SHARED_DISK",
                    "LIVE NON_SHARED_INC",
                    "LIVE NON_SHARED_DISK NON_SHARED_SYNCHRONOUS_WRITES",
                    "LIVE NON_SHARED_DISK | migrate_disks=vda",
                    "LIVE NON_SHARED_DISK | migrate_disks_detect_zeroes=vda",
                    "LIVE NON_SHARED_DISK | migrate_disks_target_zero=vda")) {
                all.add(Arguments.of(mode, MigrateCall.of(call)));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("copies")
    void diskComesAlong(MigrationMode mode, MigrateCall call) throws Exception {
        comesAlong(mode, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modes")
    void diskComesAlongThroughTheGivenPort(MigrationMode mode, int number) throws Exception {
        comesAlong(
                mode,
                MigrateCall.of("LIVE NON_SHARED_DISK")
                        .with(List.of(new TypedParameter("disks_port", new IntValue(FIRST_PORT + number)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modes")
    void diskComesAlongToTheGivenUri(MigrationMode mode, int number) throws Exception {
        String uri = "tcp://" + destinationAddress() + ":" + (FIRST_PORT + 10 + number);
        comesAlong(
                mode,
                MigrateCall.of("LIVE NON_SHARED_DISK")
                        .with(List.of(new TypedParameter("disks_uri", new StringValue(uri)))));
    }

    static Stream<Arguments> modes() {
        return Stream.of(MigrationMode.values()).map(mode -> Arguments.of(mode, mode.ordinal()));
    }

    private void comesAlong(MigrationMode mode, MigrateCall call) throws Exception {
        MigrationSupport support = source().migrationSupport();
        assumeTrue(call.missing(support).isEmpty(), () -> support.hypervisor() + " lacks some of " + call);
        Domain guest = startGuestWithDisk("disk");
        Domain moved = await(start(mode, guest, call.flags(), call.params()).result());
        assertEquals(guest.uuid(), moved.uuid());
        assertTrue(moved.status().isRunning(), moved::toString);
        assertMoved(guest);
        proveMemory(guest);
        proveDisk(guest);
    }
}
