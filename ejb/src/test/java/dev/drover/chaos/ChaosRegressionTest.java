package dev.drover.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.driver.simulated.SimulatedHost;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.DomainStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What chaos has found, as scripts by hand: each failed before its fix. */
class ChaosRegressionTest {

    private static final Logger QUIET = Logger.getLogger("dev.drover");
    private static final double MIB = 1024.0 * 1024.0;
    private static final int GUESTS = 8;

    @BeforeAll
    static void quiet() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        QUIET.setLevel(null);
    }

    /** Those whose turn came while the lease had run out were forgotten, though nobody had taken over. */
    @Test
    void leaseThatRanOutAndIsRenewedForgetsNoMigration() {
        holds(at(2, new Fault.JournalDown(Duration.ofSeconds(40))));
    }

    /** A paused evacuation was resumed by the restart of its job, against its operator's wish. */
    @Test
    void pausedEvacuationStaysPausedWhenTheServerIsKilled() {
        holds(at(2, new Fault.OperatorPauses(Duration.ofSeconds(60))), at(4, new Fault.KillController()));
    }

    /** One whose abort was refused failed by itself later and waited for ever for another turn. */
    @Test
    void cancelledEvacuationEndsThoughTheHostCouldNotBeAskedToAbort() {
        holds(at(2, new Fault.CutLink(Script.SOURCE, Duration.ofSeconds(40))), at(4, new Fault.OperatorCancels()));
    }

    /** Inheriting from a second server's life held this server's own evacuation for ever. */
    @Test
    void evacuationGoesOnWhenTheLifeOfAnotherServerIsInherited() {
        holds(
                at(2, new Fault.SecondController(Duration.ofSeconds(2))),
                at(5, new Fault.CutLink("h2", Duration.ofSeconds(45))));
    }

    /** The back-off went by the clock: set back by an hour, it left a host alone that had long come back. */
    @Test
    void clockThatIsSetBackDoesNotLengthenTheBackOff() {
        holds(
                at(2, new Fault.KillDaemon(Script.SOURCE, Duration.ofSeconds(20))),
                at(6, new Fault.ClockJump(Duration.ofMinutes(-55))));
    }

    /** The journal said RUNNING, but the answer was lost and with it the effect; asking again had none either. */
    @Test
    void evacuationGoesOnWhenTheAnswerToItsResumeWasLost() {
        holds(
                at(1, new Fault.OperatorPauses(Duration.ofSeconds(20))),
                new Script.Timed(Duration.ofMillis(20_990), new Fault.JournalAnswerLost()));
    }

    /** The host was empty, so it was called complete, though a guest had died on the way. */
    @Test
    void evacuationThatLostAGuestIsNotComplete() {
        holds(at(3, new Fault.KillQemu(0, false)));
    }

    /** The answer to Finish was lost and the guest had not moved: it runs on its source, and was FAILED as unknown. */
    @Test
    void lostAnswerIsNoOpenQuestionOnceBothHostsAreAsked() {
        // Finish takes a tenth of a second
        for (int ms = 22_000; ms < 28_000; ms += 60) {
            var drop = new Script.Timed(Duration.ofMillis(ms), new Fault.DropConnections("h2"));
            ChaosRun.Outcome outcome = ChaosRun.of(script(ms, MigrationMode.MANAGED, drop));
            assertTrue(outcome.isGood(), outcome::report);
        }
    }

    /** One that had got its turn but not begun was neither waiting nor running: it started after the cancel. */
    @Test
    void cancelReachesTheOneWhoseTurnHasJustCome() {
        for (int ms = 0; ms < 1100; ms += 3) {
            var cancel = new Script.Timed(Duration.ofMillis(ms), new Fault.OperatorCancels());
            ChaosRun.Outcome outcome = ChaosRun.of(script(ms, MigrationMode.PEER_TO_PEER, cancel));
            assertTrue(outcome.isGood(), outcome::report);
        }
    }

    private static Script.Timed at(int seconds, Fault fault) {
        return new Script.Timed(Duration.ofSeconds(seconds), fault);
    }

    private static void holds(Script.Timed... faults) {
        for (MigrationMode mode : MigrationMode.values()) {
            for (long seed = 0; seed < 10; seed++) {
                ChaosRun.Outcome outcome = ChaosRun.of(script(seed, mode, faults));
                assertTrue(outcome.isGood(), outcome::report);
            }
        }
    }

    private static Script script(long seed, MigrationMode mode, Script.Timed... faults) {
        List<SimulatedHost> hosts = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            hosts.add(new SimulatedHost("h" + i, 16, 16 * 1024L, 400 * MIB));
        }
        List<SimulatedDomain> guests = new ArrayList<>();
        for (int i = 0; i < GUESTS; i++) {
            guests.add(new SimulatedDomain(
                    new UUID(1, i),
                    "guest-" + i,
                    Script.SOURCE,
                    DomainStatus.running(),
                    1024,
                    1,
                    10 * MIB,
                    64 * MIB,
                    i % 2 == 0));
        }
        return new Script(seed, mode, 0, false, hosts, guests, List.of(faults));
    }
}
