package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.StringValue;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** How domains move, and what can be asked of a migration under way. */
abstract class MovesContract extends ArgumentsContract {

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
        assumeTrue(source().migrationSupport().verbs().contains(MigrationSupport.Verb.PROGRESS));
        Domain guest = startGuest("figures");
        MigrationJob job = start(guest, LIVE, null, null, MigrateParams.none());
        await(job.result());
        JobStats last = await(job.stats());

        assertEquals(JobStats.Type.COMPLETED, last.type());
        assertTrue(last.dataProcessed() > 0 && last.memoryTotal() > 0, last::toString);
        assertTrue(last.downtime().toMillis() > 0, last::toString);
    }

    @Test
    void dnameRenames() throws Exception {
        assumeTrue(source().migrationSupport().can(MigrationSupport.Verb.RENAME));
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
        assertTrue(await(start(guest, LIVE, null, destinationAddress(), MigrateParams.none())
                        .result())
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
        // a hypervisor that tells no progress tells no final figures either
        assertEquals(
                source().migrationSupport().verbs().contains(MigrationSupport.Verb.PROGRESS),
                order.contains("completed"),
                order::toString);
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
        assumeTrue(source().migrationSupport().verbs().contains(MigrationSupport.Verb.PROGRESS));
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

    // some hypervisors refuse at once, others when they have looked at the destination
    private FailureCode refusalOrFailure(Domain guest) throws Exception {
        try {
            return failure(start(guest, LIVE, null, null, MigrateParams.none()));
        } catch (HypervisorException e) {
            return e.failure().code();
        }
    }
}
