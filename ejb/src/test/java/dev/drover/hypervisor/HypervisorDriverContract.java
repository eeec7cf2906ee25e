package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What every driver promises, on whatever hypervisor. A driver's test gives two hosts and guests on them; where drivers
 * differ, {@link MigrationSupport} says so and nothing else.
 */
public abstract class HypervisorDriverContract extends HeldCopiesContract {

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
}
