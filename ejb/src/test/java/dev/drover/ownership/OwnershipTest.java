package dev.drover.ownership;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.memory.InMemoryDatabase;
import dev.drover.memory.InMemoryDatabase.Mode;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One server's lease in virtual time. */
class OwnershipTest {

    private final VirtualTimers time = new VirtualTimers(Instant.EPOCH);
    private final InMemoryDatabase database = new InMemoryDatabase(time);
    private final List<String> heard = new ArrayList<>();

    private Ownership ownership(String node) {
        return new Ownership(database.lives(), LeaseConfig.defaults(), time, Runnable::run, node);
    }

    private Ownership.Listener listener() {
        return new Ownership.Listener() {
            @Override
            public void gained() {
                heard.add("gained");
            }

            @Override
            public void lost() {
                heard.add("lost");
            }
        };
    }

    @Test
    void nothingMayBeDoneBeforeTheLifeHasBegun() {
        assertThrows(LeaseLapsed.class, ownership("n1")::require);
    }

    @Test
    void leaseIsKeptByItsHeartbeat() {
        Ownership ownership = ownership("n1");
        ownership.begin(true, listener());
        time.advance(Duration.ofMinutes(10));
        assertTrue(ownership.isValid());
        assertEquals(List.of("gained"), heard);
    }

    @Test
    void silentDatabaseEndsTheRightToActBeforeTheLeaseEnds() {
        Ownership ownership = ownership("n1");
        ownership.begin(true, listener());
        database.become(Mode.GONE);
        time.advance(Duration.ofSeconds(19));
        assertTrue(ownership.isValid());
        time.advance(Duration.ofSeconds(1));
        assertFalse(ownership.isValid());

        database.become(Mode.WELL);
        time.advance(Duration.ofSeconds(5));
        assertTrue(ownership.isValid(), "nobody took over: the same life goes on");
        assertEquals(List.of("gained"), heard);
    }

    @Test
    void endedLifeIsInheritedWithoutWaiting() {
        Ownership first = ownership("n1");
        first.begin(true, listener());
        Ownership second = ownership("n2");
        second.begin(true, listener());
        first.close();
        time.advance(Duration.ofSeconds(5));
        assertEquals(List.of("gained", "gained", "gained"), heard);
        assertFalse(first.isValid());
    }

    @Test
    void leaseThatCannotBeKeptIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new LeaseConfig(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(1)));
    }
}
