package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue;
import dev.drover.model.ParamValue.IntValue;
import dev.drover.model.ParamValue.LongValue;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.ParamValue.ULongValue;
import dev.drover.model.TypedParameter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every driver promises, on whatever hypervisor. A driver's test gives two hosts and guests on them; where drivers
 * differ, {@link MigrationSupport} says so and nothing else.
 */
public abstract class HypervisorDriverContract {

    private static final Set<MigrateFlag> LIVE = Set.of(MigrateFlag.LIVE);

    /** A connection to the host where guests start. */
    protected abstract HypervisorConnection source();

    /** A connection to the other host. */
    protected abstract HypervisorConnection destination();

    /** One more connection to the source. */
    protected abstract HypervisorConnection anotherToSource();

    protected abstract HypervisorDriver driver();

    /** A URI of this driver where nobody answers. */
    protected abstract ConnectUri unreachable();

    /** A running guest on the source. */
    protected abstract Domain startGuest(String name) throws Exception;

    /** A guest of that name, under another UUID, on the destination. */
    protected abstract void startTwin(String name) throws Exception;

    /** Lets time pass until the stage is complete. */
    protected abstract <T> T await(CompletionStage<T> stage) throws Exception;

    /** Makes migrations take some seconds. */
    protected abstract void slowDown() throws Exception;

    @Test
    void connectionIsOpenUntilItIsClosed() {
        HypervisorConnection connection = anotherToSource();
        assertTrue(connection.isOpen());
        connection.ping();
        connection.close();
        assertEquals(
                FailureCode.RPC_ERROR,
                assertThrows(HypervisorException.class, connection::domains)
                        .failure()
                        .code());
        assertFalse(connection.isOpen());
        connection.close();
    }

    @Test
    void closingOneConnectionLeavesTheOthers() {
        anotherToSource().close();
        source().ping();
    }

    @Test
    void nobodyThereIsNoConnect() {
        FailureException refused =
                assertThrows(HypervisorException.class, () -> driver().open(unreachable(), ConnectOptions.defaults()));
        assertEquals(FailureCode.NO_CONNECT, refused.failure().code());
        assertTrue(
                refused.failure().message().contains(unreachable().toString()),
                refused.failure().message());
    }

    @Test
    void strangersUrisAreNotAccepted() {
        assertFalse(driver().accepts(ConnectUri.parse("vbox:///session")));
        assertTrue(driver().accepts(source().uri()));
    }

    @Test
    void hostDescribesItself() {
        assertFalse(source().hostname().isBlank());
        assertNotEquals(source().hostname(), destination().hostname());
        var node = source().nodeInfo();
        assertTrue(node.cpus() > 0 && node.memoryMiB() > 0, node::toString);
        assertTrue(node.freeMemoryMiB() > 0 && node.freeMemoryMiB() <= node.memoryMiB(), node::toString);
        assertTrue(source().capabilities().startsWith("<capabilities"));
    }

    @Test
    void guestIsListedAndFoundByUuidAndName() throws Exception {
        Domain guest = startGuest("inventory");
        assertEquals(DomainState.RUNNING, guest.status().state());
        assertTrue(guest.memoryMiB() > 0 && guest.vcpus() > 0, guest::toString);
        assertTrue(source().domains().contains(guest));
        assertEquals(Optional.of(guest), source().findDomain(guest.uuid()));
        assertEquals(Optional.of(guest), source().findDomain(guest.name()));
        assertTrue(destination().findDomain(guest.uuid()).isEmpty());
        assertTrue(source().findDomain("no such guest").isEmpty());
        assertTrue(source().findDomain(new UUID(1, 2)).isEmpty());
    }

    @Test
    void migrateGivesTheNewDomainAndLeavesNoneBehind() throws Exception {
        Domain guest = startGuest("mover");
        Domain moved =
                await(start(guest, LIVE, null, null, MigrateParams.none()).result());

        assertEquals(guest.uuid(), moved.uuid());
        assertEquals(guest.name(), moved.name());
        assertTrue(moved.status().isRunning(), moved::toString);
        assertEquals(Optional.of(moved), destination().findDomain(guest.uuid()));
        assertTrue(source().findDomain(guest.uuid()).isEmpty());
    }

    @Test
    void finalFiguresTellWhatWasSent() throws Exception {
        Domain guest = startGuest("figures");
        MigrationJob job = start(guest, LIVE, null, null, MigrateParams.none());
        await(job.result());
        JobStats last = await(job.stats());

        assumeTrue(source().migrationSupport().verbs().contains(MigrationSupport.Verb.PROGRESS));
        assertEquals(JobStats.Type.COMPLETED, last.type());
        assertTrue(last.dataProcessed() > 0 && last.memoryTotal() > 0, last::toString);
        assertTrue(last.downtime().toMillis() > 0, last::toString);
    }

    @Test
    void dnameRenames() throws Exception {
        assumeTrue(source().migrationSupport().rename());
        Domain guest = startGuest("before");
        Domain moved = await(start(guest, LIVE, "after-" + guest.name(), null, MigrateParams.none())
                .result());
        assertEquals("after-" + guest.name(), moved.name());
        assertEquals(guest.uuid(), moved.uuid());
    }

    @Test
    void dnameAsParameterIsTheSame() throws Exception {
        assumeTrue(source().migrationSupport().params().contains(MigrateParam.DESTINATION_NAME));
        Domain guest = startGuest("param");
        MigrateParams params = params("destination_name", new StringValue("renamed-" + guest.name()));
        assertEquals(
                "renamed-" + guest.name(),
                await(start(guest, LIVE, null, null, params).result()).name());
    }

    @Test
    void hostnameOfTheDestinationIsTaken() throws Exception {
        Domain guest = startGuest("named");
        String hostname = destination().uri().host().orElseThrow();
        assertTrue(
                await(start(guest, LIVE, null, hostname, MigrateParams.none()).result())
                        .status()
                        .isRunning());
    }

    @Test
    void eventsTellOfTheMoveInOrder() throws Exception {
        Domain guest = startGuest("told");
        List<HypervisorEvent> here = new CopyOnWriteArrayList<>();
        try (var subscription = source().subscribe(here::add)) {
            await(start(guest, LIVE, null, null, MigrateParams.none()).result());
        }
        List<String> order = here.stream()
                .map(event -> kind(event, guest))
                .filter(kind -> !kind.isEmpty())
                .toList();
        assertTrue(order.contains("STOPPED"), order::toString);
        assertTrue(order.contains("completed"), order::toString);
        int size = here.size();
        source().domains();
        assertEquals(size, here.size(), "heard after the subscription was closed");
    }

    private static String kind(HypervisorEvent event, Domain guest) {
        if (event instanceof HypervisorEvent.Lifecycle life && life.domain().equals(guest.uuid())) {
            return life.event().name();
        }
        return event instanceof HypervisorEvent.JobCompleted done
                        && done.domain().equals(guest.uuid())
                ? "completed"
                : "";
    }

    @Test
    void abortLeavesTheGuestRunningWhereItWas() throws Exception {
        assumeTrue(source().migrationSupport().verbs().contains(MigrationSupport.Verb.ABORT));
        Domain guest = startGuest("aborted");
        slowDown();
        MigrationJob job = start(guest, LIVE, null, null, MigrateParams.none());
        awaitProgress(job);
        await(job.abort());

        assertEquals(FailureCode.ABORTED, failure(job));
        assertTrue(source().findDomain(guest.uuid()).orElseThrow().status().isRunning());
        assertTrue(destination().findDomain(guest.uuid()).isEmpty());
    }

    @Test
    void abortWithoutAJobIsRefused() throws Exception {
        Domain guest = startGuest("idle");
        MigrationJob job = start(guest, LIVE, null, null, MigrateParams.none());
        await(job.result());
        assertTrue(failed(job.abort()));
    }

    @Test
    void progressNeverRunsBackwards() throws Exception {
        Domain guest = startGuest("progress");
        slowDown();
        MigrationJob job = start(guest, LIVE, null, null, MigrateParams.none());
        awaitProgress(job);
        long first = await(job.stats()).dataProcessed();
        awaitMore(job, first);
        await(job.result());
    }

    @Test
    void secondMigrationOfTheSameGuestIsRefusedAndTheFirstGoesOn() throws Exception {
        Domain guest = startGuest("twice");
        slowDown();
        MigrationJob first = start(guest, LIVE, null, null, MigrateParams.none());
        awaitProgress(first);
        assertEquals(FailureCode.OPERATION_INVALID, refusalOrFailure(guest));
        assertEquals(guest.uuid(), await(first.result()).uuid());
    }

    @Test
    void migrationUnderWayIsFoundFromAnotherConnectionAndFollowedToItsEnd() throws Exception {
        Domain guest = startGuest("adopted");
        assertTrue(source().findMigration(guest.uuid(), destination()).isEmpty());
        slowDown();
        MigrationJob started = start(guest, LIVE, null, null, MigrateParams.none());
        awaitProgress(started);
        HypervisorConnection other = anotherToSource();
        MigrationJob adopted = other.findMigration(guest.uuid(), destination()).orElseThrow();
        assertEquals(guest.uuid(), await(adopted.result()).uuid());
        assertTrue(other.findMigration(guest.uuid(), destination()).isEmpty());
        other.close();
    }

    @Test
    void speedAndDowntimeCanBeSetOnTheWay() throws Exception {
        assumeTrue(source().migrationSupport().verbs().contains(MigrationSupport.Verb.SET_MAX_SPEED));
        Domain guest = startGuest("shaped");
        slowDown();
        MigrationJob job = start(guest, LIVE, null, null, MigrateParams.none());
        awaitProgress(job);
        await(job.setMaxSpeed(500));
        await(job.setMaxDowntime(java.time.Duration.ofMillis(500)));
        await(job.result());
    }

    @Test
    void nameTakenByAnotherUuidIsRefusedAndBothStay() throws Exception {
        Domain guest = startGuest("twin");
        startTwin(guest.name());
        assertEquals(FailureCode.OPERATION_FAILED, refusalOrFailure(guest));
        assertTrue(source().findDomain(guest.uuid()).orElseThrow().status().isRunning());
        assertNotEquals(
                guest.uuid(),
                destination().findDomain(guest.name()).orElseThrow().uuid());
    }

    @Test
    void unknownDomainIsRefused() {
        HypervisorException refused = assertThrows(HypervisorException.class, () -> source().startMigration(
                        new UUID(3, 4), destination(), LIVE, null, null, MigrateParams.none()));
        assertEquals(FailureCode.NO_DOMAIN, refused.failure().code());
    }

    @Test
    void sourceAsDestinationIsRefused() throws Exception {
        Domain guest = startGuest("self");
        HypervisorException refused = assertThrows(HypervisorException.class, () -> source().startMigration(
                        guest.uuid(), anotherToSource(), LIVE, null, null, MigrateParams.none()));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("empty dname", LIVE, "", null, none(), FailureCode.INVALID_ARGUMENT),
                refusal("blank dname", LIVE, " ", null, none(), FailureCode.INVALID_ARGUMENT),
                refusal("empty hostname", LIVE, null, "", none(), FailureCode.INVALID_ARGUMENT),
                refusal(
                        "dname twice",
                        LIVE,
                        "a",
                        null,
                        params("destination_name", new StringValue("b")),
                        FailureCode.INVALID_ARGUMENT),
                refusal("unknown parameter", LIVE, null, null, params("x", new LongValue(1)), FailureCode.NO_SUPPORT),
                refusal(
                        "unknown Xen parameter",
                        LIVE,
                        null,
                        null,
                        params("XEN_SPEED", new LongValue(1)),
                        FailureCode.NO_SUPPORT),
                refusal(
                        "text for a number",
                        LIVE,
                        null,
                        null,
                        params("bandwidth", new StringValue("1")),
                        FailureCode.INVALID_ARGUMENT),
                refusal(
                        "int for an ullong",
                        LIVE,
                        null,
                        null,
                        params("bandwidth", new IntValue(1)),
                        FailureCode.INVALID_ARGUMENT),
                refusal(
                        "number for a text",
                        LIVE,
                        null,
                        null,
                        params("destination_name", new ULongValue(1)),
                        FailureCode.INVALID_ARGUMENT),
                refusal(
                        "empty parameter",
                        LIVE,
                        null,
                        null,
                        params("destination_name", new StringValue("")),
                        FailureCode.INVALID_ARGUMENT),
                refusal(
                        "parameter twice",
                        LIVE,
                        null,
                        null,
                        MigrateParams.of(
                                new TypedParameter("bandwidth", new ULongValue(1)),
                                new TypedParameter("bandwidth", new ULongValue(2))),
                        FailureCode.INVALID_ARGUMENT));
    }

    private static Arguments refusal(
            String name,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            FailureCode code) {
        return Arguments.of(name, flags, dname, hostname, params, code);
    }

    @ParameterizedTest(name = "{0} gives {5}")
    @MethodSource("refusals")
    void wrongArgumentIsRefusedAndChangesNothing(
            String name,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            FailureCode code)
            throws Exception {
        Domain guest = startGuest("refused");
        List<Domain> there = destination().domains();
        HypervisorException refused =
                assertThrows(HypervisorException.class, () -> start(guest, flags, dname, hostname, params), name);

        assertEquals(code, refused.failure().code(), refused.failure().message());
        assertEquals(Optional.of(guest), source().findDomain(guest.uuid()));
        assertEquals(there, destination().domains());
        assertTrue(source().findMigration(guest.uuid(), destination()).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("allFlags")
    void unsupportedFlagIsRefused(MigrateFlag flag) throws Exception {
        assumeTrue(!source().migrationSupport().flags().contains(flag));
        Domain guest = startGuest("flag");
        HypervisorException refused = assertThrows(
                HypervisorException.class, () -> start(guest, Set.of(flag), null, null, MigrateParams.none()));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
        assertTrue(
                refused.failure().message().contains(flag.name()),
                refused.failure().message());
    }

    static Stream<MigrateFlag> allFlags() {
        return Stream.of(MigrateFlag.values());
    }

    protected static MigrateParams params(String name, ParamValue value) {
        return MigrateParams.of(new TypedParameter(name, value));
    }

    private static MigrateParams none() {
        return MigrateParams.none();
    }

    private MigrationJob start(
            Domain guest,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params) {
        return source().startMigration(guest.uuid(), destination(), flags, dname, hostname, params);
    }

    // some hypervisors refuse at once, others when they have looked at the destination
    private FailureCode refusalOrFailure(Domain guest) throws Exception {
        try {
            return failure(start(guest, LIVE, null, null, MigrateParams.none()));
        } catch (HypervisorException e) {
            return e.failure().code();
        }
    }

    private FailureCode failure(MigrationJob job) throws Exception {
        return await(job.result().handle((domain, error) -> {
            if (error == null) {
                throw new AssertionError("it did not fail: " + domain);
            }
            return FailureException.failureOf(error).code();
        }));
    }

    private boolean failed(CompletionStage<Void> stage) throws Exception {
        return await(stage.handle((none, error) -> error != null));
    }

    /** Until something has been sent. */
    protected void awaitProgress(MigrationJob job) throws Exception {
        awaitMore(job, 0);
    }

    private void awaitMore(MigrationJob job, long sent) throws Exception {
        while (true) {
            long now = await(job.stats()).dataProcessed();
            if (now > sent) {
                return;
            }
            assertTrue(now >= sent || now == 0, "progress ran backwards from " + sent + " to " + now);
            assertFalse(job.result().toCompletableFuture().isDone(), "it ended before it could be seen");
            pass();
        }
    }

    /** A little time. */
    protected abstract void pass() throws Exception;
}
