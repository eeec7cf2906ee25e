package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.IntValue;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.ParamValue.ULongValue;
import dev.drover.model.TypedParameter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a migration promises whoever drives it: the same in each mode, and in each the guest runs once. */
abstract class ModesContract extends MovesContract {

    /** Proves that the guest's memory is intact, where a guest has any; named as it was started. */
    protected void proveMemory(Domain started) throws Exception {}

    MigrationJob start(MigrationMode mode, Domain guest, Set<MigrateFlag> flags, MigrateParams params) {
        assumeTrue(supports(mode), () -> source().migrationSupport().label() + " does not support " + mode);
        return source().startMigration(guest.uuid(), destination(), flags, null, null, params, mode);
    }

    private boolean supports(MigrationMode mode) {
        return source().migrationSupport().modes().contains(mode);
    }

    /** It is on the destination and nowhere else. */
    void assertMoved(Domain guest) {
        assertTrue(
                source().findDomain(guest.uuid())
                        .filter(left -> left.status().isActive())
                        .isEmpty(),
                () -> "also on the source: " + source().findDomain(guest.uuid()));
        assertTrue(
                destination()
                        .findDomain(guest.uuid())
                        .filter(there -> there.status().isActive())
                        .isPresent(),
                () -> guest.name() + " is lost");
    }

    /** It runs on the source and nowhere else. */
    void assertStayed(Domain guest) {
        assertTrue(source().findDomain(guest.uuid()).orElseThrow().status().isRunning());
        assertTrue(
                destination()
                        .findDomain(guest.uuid())
                        .filter(there -> there.status().isActive())
                        .isEmpty(),
                () -> "also on the destination: " + destination().findDomain(guest.uuid()));
    }

    @ParameterizedTest
    @EnumSource
    void guestMovesWithItsMemoryThroughThePhases(MigrationMode mode) throws Exception {
        Domain guest = startGuest("phases");
        MigrationJob job = start(mode, guest, LIVE, none());
        List<MigrationPhase> phases = new CopyOnWriteArrayList<>();
        job.onPhase(phases::add);
        Domain moved = await(job.result());

        assertEquals(guest.uuid(), moved.uuid());
        assertTrue(moved.status().isRunning(), moved::toString);
        assertMoved(guest);
        proveMemory(guest);
        assertEquals(MigrationPhase.ENDED, job.phase());
        assertEquals(phases.stream().sorted().distinct().toList(), phases, "a step back");
        assertEquals(MigrationPhase.ENDED, phases.get(phases.size() - 1));
        boolean driven = phases.containsAll(List.of(MigrationPhase.FINISH, MigrationPhase.CONFIRM));
        assertEquals(mode == MigrationMode.MANAGED, driven, phases::toString);
    }

    @ParameterizedTest
    @EnumSource
    void finalFiguresTellWhatWasSent(MigrationMode mode) throws Exception {
        assumeTrue(source().migrationSupport().verbs().contains(Verb.PROGRESS));
        Domain guest = startGuest("sent");
        MigrationJob job = start(mode, guest, LIVE, none());
        await(job.result());
        JobStats last = await(job.stats());
        assertEquals(JobStats.Type.COMPLETED, last.type());
        assertTrue(last.dataProcessed() > 0 && last.memoryTotal() > 0, last::toString);
        assertTrue(last.downtime().toMillis() > 0, last::toString);
        assertMoved(guest);
    }

    static Stream<Arguments> variants() {
        return Stream.of(MigrationMode.values())
                .flatMap(mode -> Stream.of(
                        Arguments.of(mode, "bandwidth", Set.of(), limited(100)),
                        Arguments.of(mode, "persisted", Set.of(MigrateFlag.PERSIST_DEST), none()),
                        Arguments.of(mode, "protected", Set.of(MigrateFlag.CHANGE_PROTECTION), none()),
                        Arguments.of(mode, "abort on error", Set.of(MigrateFlag.ABORT_ON_ERROR), none()),
                        Arguments.of(mode, "unsafe", Set.of(MigrateFlag.UNSAFE), none()),
                        Arguments.of(mode, "auto-converge", Set.of(MigrateFlag.AUTO_CONVERGE), none()),
                        Arguments.of(
                                mode,
                                "compressed",
                                Set.of(MigrateFlag.COMPRESSED),
                                MigrateParams.of(
                                        new TypedParameter("compression", new StringValue("xbzrle")),
                                        new TypedParameter(
                                                "compression.xbzrle.cache", new ULongValue(64L * 1024 * 1024)))),
                        Arguments.of(
                                mode,
                                "parallel",
                                Set.of(MigrateFlag.PARALLEL),
                                params("parallel.connections", new IntValue(2))),
                        Arguments.of(mode, "tls", Set.of(MigrateFlag.TLS), none()),
                        Arguments.of(mode, "post-copy allowed", Set.of(MigrateFlag.POSTCOPY), none())));
    }

    private static MigrateParams limited(long mebibytesPerSecond) {
        return params("bandwidth", new ULongValue(mebibytesPerSecond));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("variants")
    void guestMovesWithFlagsAndParameters(MigrationMode mode, String name, Set<MigrateFlag> flags, MigrateParams params)
            throws Exception {
        MigrationSupport support = source().migrationSupport();
        assumeTrue(support.flags().containsAll(flags), () -> support.hypervisor() + " lacks " + flags);
        params.list()
                .forEach(param -> assumeTrue(
                        support.params()
                                .contains(MigrateParam.ofKey(param.name()).orElseThrow()),
                        () -> support.hypervisor() + " lacks " + param.name()));
        Domain guest = startGuest("variant");
        Set<MigrateFlag> all =
                Stream.concat(flags.stream(), Stream.of(MigrateFlag.LIVE)).collect(java.util.stream.Collectors.toSet());
        Domain moved = await(start(mode, guest, all, params).result());
        assertEquals(guest.uuid(), moved.uuid());
        assertTrue(moved.status().isRunning(), moved::toString);
        assertMoved(guest);
    }

    @ParameterizedTest
    @EnumSource
    void guestGetsItsNewNameInEachMode(MigrationMode mode) throws Exception {
        assumeTrue(supports(mode) && source().migrationSupport().params().contains(MigrateParam.DESTINATION_NAME));
        Domain guest = startGuest("old");
        Domain moved = await(
                source().startMigration(guest.uuid(), destination(), LIVE, "new-" + guest.name(), null, none(), mode)
                        .result());
        assertEquals("new-" + guest.name(), moved.name());
        assertMoved(guest);
    }

    @ParameterizedTest
    @EnumSource
    void guestArrivesPausedWhenAsked(MigrationMode mode) throws Exception {
        assumeTrue(source().migrationSupport().flags().contains(MigrateFlag.PAUSED));
        Domain guest = startGuest("still");
        Domain moved = await(start(mode, guest, Set.of(MigrateFlag.LIVE, MigrateFlag.PAUSED), none())
                .result());
        assertEquals(DomainState.PAUSED, moved.status().state());
        assertMoved(guest);
        destination().resumeDomain(guest.uuid());
        assertTrue(destination().findDomain(guest.uuid()).orElseThrow().status().isRunning());
    }

    @ParameterizedTest
    @EnumSource
    void guestThatItsUserHasPausedStaysPaused(MigrationMode mode) throws Exception {
        Domain guest = startGuest("stopped");
        source().suspendDomain(guest.uuid());
        if (source().migrationSupport().can(Verb.MOVE_PAUSED)) {
            Domain moved = await(start(mode, guest, LIVE, none()).result());
            assertEquals(DomainState.PAUSED, moved.status().state());
            assertMoved(guest);
        } else {
            assertEquals(FailureCode.OPERATION_INVALID, outcome(mode, guest));
            assertEquals(
                    DomainState.PAUSED,
                    source().findDomain(guest.uuid()).orElseThrow().status().state());
            assertTrue(destination().findDomain(guest.uuid()).isEmpty());
            source().resumeDomain(guest.uuid());
        }
    }

    @ParameterizedTest
    @EnumSource
    void abortLeavesTheGuestWhereItWas(MigrationMode mode) throws Exception {
        assumeTrue(source().migrationSupport().verbs().contains(Verb.ABORT));
        Domain guest = startGuest("called-off");
        slowDown();
        MigrationJob job = start(mode, guest, LIVE, none());
        awaitProgress(job);
        await(job.abort());
        assertEquals(FailureCode.ABORTED, failure(job));
        assertEquals(MigrationPhase.ENDED, job.phase());
        assertStayed(guest);
        proveMemory(guest);
    }

    @ParameterizedTest
    @EnumSource
    void secondMigrationIsRefusedInEachMode(MigrationMode mode) throws Exception {
        Domain guest = startGuest("double");
        slowDown();
        MigrationJob first = start(mode, guest, LIVE, none());
        awaitProgress(first);
        assertEquals(FailureCode.OPERATION_INVALID, outcome(mode, guest));
        await(first.result());
        assertMoved(guest);
    }

    @ParameterizedTest
    @EnumSource
    void takenNameIsRefusedAndTheGuestGoesOn(MigrationMode mode) throws Exception {
        Domain guest = startGuest("taken");
        startTwin(guest.name());
        assertEquals(FailureCode.OPERATION_FAILED, outcome(mode, guest));
        assertStayed(guest);
        // nothing was left behind that would keep the next migration from starting
        assertTrue(source().findMigration(guest.uuid(), destination()).isEmpty());
        source().suspendDomain(guest.uuid());
        source().resumeDomain(guest.uuid());
    }

    private @Nullable FailureCode outcome(MigrationMode mode, Domain guest) throws Exception {
        try {
            return failure(start(mode, guest, LIVE, none()));
        } catch (HypervisorException e) {
            return e.failure().code();
        }
    }

    @Test
    void managedMigrationEndsWithTheConnectionThatDrivesIt() throws Exception {
        assumeTrue(
                source().migrationSupport().can(Verb.END_WITH_CLIENT),
                () -> source().migrationSupport().label() + " does not support " + Verb.END_WITH_CLIENT);
        Domain guest = startGuest("orphan");
        slowDown();
        HypervisorConnection client = anotherToSource();
        MigrationJob job =
                client.startMigration(guest.uuid(), destination(), LIVE, null, null, none(), MigrationMode.MANAGED);
        awaitProgress(job);
        client.close();
        assertEquals(FailureCode.RPC_ERROR, failure(job));
        while (source().findMigration(guest.uuid(), destination()).isPresent()) {
            pass();
        }
        assertStayed(guest);
    }

    @Test
    void flagPeerToPeerMeansThatMode() throws Exception {
        assumeTrue(source().migrationSupport().flags().contains(MigrateFlag.PEER2PEER));
        Set<MigrateFlag> flags = Set.of(MigrateFlag.LIVE, MigrateFlag.PEER2PEER);
        assertEquals(MigrationMode.PEER_TO_PEER, source().mode(destination(), flags));
        Domain guest = guestForRefusals();
        HypervisorException refused =
                assertThrows(HypervisorException.class, () -> start(MigrationMode.MANAGED, guest, flags, none()));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
        assertFalse(destination().findDomain(guest.uuid()).isPresent());
    }
}
