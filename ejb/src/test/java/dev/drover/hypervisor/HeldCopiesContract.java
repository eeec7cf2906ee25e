package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Managed migrations in post-copy whose client goes between the switch and Finish, where copies are held. */
abstract class HeldCopiesContract extends VerbsContract {

    private static final DomainStatus UNTOLD = new DomainStatus(DomainState.PAUSED, DomainStatus.PAUSED_MIGRATION);
    private static final Set<FailureCode> NOT_KNOWN = Set.of(FailureCode.OUTCOME_UNKNOWN, FailureCode.RPC_ERROR);

    /** One more connection to the destination. */
    protected abstract HypervisorConnection anotherToDestination();

    /** A guest in post-copy whose destination has not been told to run it, and whose client is gone. */
    private Domain abandoned(String name) throws Exception {
        assumeTrue(source().migrationSupport().can(Verb.HELD_POST_COPY));
        Domain guest = startGuest(name);
        slowDown();
        HypervisorConnection client = anotherToSource();
        HypervisorConnection clientThere = anotherToDestination();
        MigrationJob job =
                client.startMigration(guest.uuid(), clientThere, POSTCOPY, null, null, none(), MigrationMode.MANAGED);
        job.onPhase(phase -> {
            if (phase == MigrationPhase.FINISH) {
                clientThere.close();
                client.close();
            }
        });
        awaitProgress(job);
        await(job.startPostCopy());
        FailureCode told = failure(job);
        assertTrue(NOT_KNOWN.contains(told), told::toString);
        awaitReason(source(), guest, DomainStatus.PAUSED_POSTCOPY_FAILED);
        return guest;
    }

    @Test
    void copyIsHeldUntilItIsToldToRun() throws Exception {
        Domain guest = abandoned("held");
        assertTrue(destination().holdsCopy(guest.uuid()));
        assertEquals(
                UNTOLD, destination().findDomain(guest.uuid()).orElseThrow().status());

        await(destination().finishPostCopy(guest.uuid(), false));
        assertMoved(guest);
        destination().letGoOfCopy(guest.uuid());
        assertFalse(destination().holdsCopy(guest.uuid()));
        proveMemory(guest);
        assertMoved(guest);
    }

    @Test
    void copyIsNotGivenUpForAnotherMigration() throws Exception {
        Domain guest = abandoned("wanted");
        HypervisorException refused =
                assertThrows(HypervisorException.class, () -> start(MigrationMode.MANAGED, guest, POSTCOPY, none()));
        assertEquals(FailureCode.OPERATION_INVALID, refused.failure().code(), refused::getMessage);
        assertTrue(destination().holdsCopy(guest.uuid()));

        await(destination().finishPostCopy(guest.uuid(), false));
        assertMoved(guest);
        destination().letGoOfCopy(guest.uuid());
        proveMemory(guest);
    }

    @Test
    void copyThatWasNotToldToRunGoesWhenItIsLetGoOf() throws Exception {
        Domain guest = abandoned("freed");
        destination().letGoOfCopy(guest.uuid());
        while (destination().findDomain(guest.uuid()).isPresent()) {
            pass();
        }
        assertFalse(destination().holdsCopy(guest.uuid()));
        // half a guest: nothing could end it but its destruction
        source().destroyDomain(guest.uuid());
    }

    @Test
    void nothingIsHeldAfterAPostCopyThatItsClientHasSeenToItsEnd() throws Exception {
        assumeTrue(source().migrationSupport().can(Verb.HELD_POST_COPY));
        Domain guest = startGuest("seen");
        slowDown();
        MigrationJob job = start(MigrationMode.MANAGED, guest, POSTCOPY, none());
        assertFalse(destination().holdsCopy(guest.uuid()), "before the switch it goes with its client");
        awaitProgress(job);
        await(job.startPostCopy());
        await(job.result());
        assertFalse(destination().holdsCopy(guest.uuid()));
        assertMoved(guest);
    }
}
