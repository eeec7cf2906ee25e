package dev.drover.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.pool.ConnectionStateChanged.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Time is virtual, so "at once" and "never" are exact; borrowers who wait have threads of their own. */
class ConnectionPoolTest {

    private static final ConnectUri H1 = ConnectUri.parse("fake://h1");
    private static final ConnectUri H2 = ConnectUri.parse("fake://h2");
    private static final Duration SWEEP = PoolConfig.defaults().sweepInterval();

    private final FakeHypervisors hypervisors = new FakeHypervisors();
    private final TestTimers timers = new TestTimers();
    private final PoolEvents events = new PoolEvents();
    private final ExecutorService borrowers = Executors.newCachedThreadPool();
    private ConnectionPool pool = pool();

    private ConnectionPool pool(String... settings) {
        return new ConnectionPool(
                List.of(hypervisors), PoolSettingsTest.config(settings), timers, Runnable::run, events);
    }

    @AfterEach
    void noBorrowerIsLeftBehind() {
        borrowers.shutdownNow();
    }

    @Test
    void connectionThatCameBackIsLentAgain() {
        HypervisorConnection first = leaseAndReturn(H1, Purpose.CONTROL);
        assertSame(first, leaseAndReturn(H1, Purpose.CONTROL));
        assertEquals(1, hypervisors.attempts(H1));
    }

    @Test
    void controlAndWorkNeverShareAConnectionSoThatMigrationsDoNotStarveCalls() {
        pool = pool("control-max", "1", "work-max", "1", "borrow-wait", "PT0S");
        try (Lease control = pool.lease(H1, Purpose.CONTROL);
                Lease work = pool.lease(H1, Purpose.WORK)) {
            assertNotSame(control.connection(), work.connection());
            assertEquals(
                    FailureCode.POOL_EXHAUSTED, refusal(H1, Purpose.CONTROL).code());
            assertEquals(FailureCode.POOL_EXHAUSTED, refusal(H1, Purpose.WORK).code());
        }
    }

    @Test
    void fullPoolRefusesWithItsFiguresAndTheSettingThatHelps() {
        pool = pool("work-max", "2", "borrow-wait", "PT0S");
        try (Lease one = pool.lease(H1, Purpose.WORK);
                Lease two = pool.lease(H1, Purpose.WORK)) {
            assertNotSame(one.connection(), two.connection());
            String message = refusal(H1, Purpose.WORK).message();
            assertTrue(message.contains("2 active, 0 idle, 2 at most"), message);
            assertTrue(message.contains("drover.pool.work-max"), message);
        }
        assertEquals(2, hypervisors.attempts(H1));
    }

    @Test
    void borrowerWaitsForTheOneBefore() throws Exception {
        pool = pool("work-max", "1", "borrow-wait", "PT1H");
        Lease first = pool.lease(H1, Purpose.WORK);
        HypervisorConnection connection = first.connection();
        CompletableFuture<HypervisorConnection> second = later(H1, Purpose.WORK);
        events.awaitWaiting();
        assertFalse(second.isDone());
        first.close();
        assertSame(connection, second.get());
        assertEquals(1, pool.statistics(H1).waits());
    }

    @Test
    void hostsAreKeyedByUriAndShareNothing() {
        pool = pool("control-max", "1", "borrow-wait", "PT0S");
        try (Lease first = pool.lease(H1, Purpose.CONTROL);
                Lease other = pool.lease(H2, Purpose.CONTROL)) {
            assertEquals(H1, first.connection().uri());
            assertEquals(H2, other.connection().uri());
        }
        assertEquals(
                List.of(H1, H2),
                pool.statistics().stream().map(HostPoolStatistics::uri).toList());
    }

    @Test
    void uriWithoutDriverIsRefusedAndNamesThoseThatThereAre() {
        Failure refusal = refusal(ConnectUri.parse("vmware://h1"), Purpose.CONTROL);
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal.code());
        assertTrue(refusal.message().contains("no driver for vmware://h1, known: fake"), refusal.message());
        assertEquals(List.of(), pool.statistics());
    }

    @Test
    void leaseThatIsOverGivesNothingAndEndsOnce() {
        pool = pool("control-max", "1", "borrow-wait", "PT0S");
        Lease lease = pool.lease(H1, Purpose.CONTROL);
        lease.close();
        assertThrows(IllegalStateException.class, lease::connection);
        try (Lease next = pool.lease(H1, Purpose.CONTROL)) {
            lease.close(); // a second time must not free the next borrower's place
            assertEquals(
                    FailureCode.POOL_EXHAUSTED, refusal(H1, Purpose.CONTROL).code());
            assertTrue(next.connection().isOpen());
        }
    }

    @Test
    void onlyConnectionsThatWereIdleForLongArePinged() {
        leaseAndReturn(H1, Purpose.CONTROL);
        timers.advance(Duration.ofMillis(4999));
        leaseAndReturn(H1, Purpose.CONTROL);
        assertEquals(0, hypervisors.opened().get(0).pings());
        timers.advance(Duration.ofSeconds(5));
        leaseAndReturn(H1, Purpose.CONTROL);
        assertEquals(1, hypervisors.opened().get(0).pings());
        assertEquals(1, hypervisors.attempts(H1));
    }

    @Test
    void idleConnectionThatDoesNotAnswerIsReplacedUnseenByTheBorrower() {
        HypervisorConnection first = leaseAndReturn(H1, Purpose.CONTROL);
        hypervisors.opened().get(0).refusesPings();
        timers.advance(Duration.ofSeconds(5));
        assertNotSame(first, leaseAndReturn(H1, Purpose.CONTROL));
        assertTrue(hypervisors.opened().get(0).isClosed());
        assertEquals(1, pool.statistics(H1).failures());
        assertEquals(State.CONNECTED, pool.statistics(H1).state());
    }

    @Test
    void pingWithoutAnyAnswerIsGivenUpAfterItsTime() throws Exception {
        leaseAndReturn(H1, Purpose.CONTROL);
        var pinging = hypervisors.opened().get(0).hangs();
        timers.advance(Duration.ofSeconds(5));
        CompletableFuture<HypervisorConnection> borrower = later(H1, Purpose.CONTROL);
        FakeConnection.await(pinging);
        assertFalse(borrower.isDone());
        timers.advance(PoolConfig.defaults().pingTimeout());
        assertSame(borrower.get(), hypervisors.opened().get(1).lent());
    }

    @Test
    void connectionThatBreaksOnLoanIsNotLentAgain() {
        try (Lease lease = pool.lease(H1, Purpose.WORK)) {
            assertTrue(lease.connection().isOpen());
            hypervisors.opened().get(0).breaks("connection reset");
            assertEquals(State.BROKEN, pool.statistics(H1).state());
        }
        assertSame(leaseAndReturn(H1, Purpose.WORK), hypervisors.opened().get(1).lent());
        assertEquals(List.of("UNUSED>CONNECTED", "CONNECTED>BROKEN", "BROKEN>CONNECTED"), events.changes());
        assertEquals("connection reset", events.latestCause().message());
        assertTrue(hypervisors.opened().get(0).isClosed());
    }

    @Test
    void unreachableHostIsLeftAloneForLongerEachTime() {
        hypervisors.refuse(H1, new HypervisorException(FailureCode.RPC_ERROR, "connection refused"));
        Failure refusal = refusal(H1, Purpose.CONTROL);
        assertEquals(FailureCode.HOST_OFFLINE, refusal.code());
        assertTrue(refusal.message().contains("connection refused"), refusal.message());
        assertTrue(refusal.message().contains("in 1000 ms"), refusal.message());
        for (int seconds : new int[] {1, 2, 4, 8, 16, 30, 30}) {
            int attempts = hypervisors.attempts(H1);
            timers.advance(Duration.ofSeconds(seconds).minusMillis(1));
            assertEquals(FailureCode.HOST_OFFLINE, refusal(H1, Purpose.WORK).code());
            assertEquals(attempts, hypervisors.attempts(H1), "nobody may try before " + seconds + " s are over");
            timers.advance(Duration.ofMillis(1));
            refusal(H1, Purpose.WORK);
            assertEquals(attempts + 1, hypervisors.attempts(H1));
        }
        assertEquals(List.of("UNUSED>BROKEN"), events.changes());
        assertEquals(8, pool.statistics(H1).failures());
    }

    @Test
    void hostThatComesBackIsUsedAgainAndItsBackoffBeginsAnew() {
        hypervisors.refuse(H1, new HypervisorException(FailureCode.RPC_ERROR, "connection refused"));
        refusal(H1, Purpose.CONTROL);
        timers.advance(Duration.ofSeconds(1));
        refusal(H1, Purpose.CONTROL);
        hypervisors.welcome(H1);
        timers.advance(Duration.ofSeconds(2));
        leaseAndReturn(H1, Purpose.CONTROL);

        assertEquals(Optional.empty(), pool.statistics(H1).nextAttempt());
        assertEquals(
                "connection refused",
                pool.statistics(H1).lastFailure().map(Failure::message).orElse(""));
        hypervisors.opened().get(0).breaks("gone again");
        hypervisors.refuse(H1, new HypervisorException(FailureCode.RPC_ERROR, "connection refused"));
        assertTrue(refusal(H1, Purpose.CONTROL).message().contains("in 1000 ms"));
    }

    @Test
    void deadHostHoldsUpNobodyElse() throws Exception {
        pool = pool("borrow-wait", "PT0S");
        var hang = hypervisors.hang(H1);
        CompletableFuture<HypervisorConnection> stuck = later(H1, Purpose.CONTROL);
        FakeConnection.await(hang.begun());

        // on this thread: a call that blocked would never come back
        leaseAndReturn(H2, Purpose.CONTROL);
        leaseAndReturn(H2, Purpose.WORK);
        Failure refusal = refusal(H1, Purpose.WORK);
        assertEquals(FailureCode.HOST_OFFLINE, refusal.code());
        assertTrue(refusal.message().contains("still under way"), refusal.message());
        assertEquals(1, hypervisors.attempts(H1), "one borrower at a time finds out");

        hypervisors.welcome(H1);
        hang.release().countDown();
        assertEquals(H1, stuck.get().uri());
    }

    @Test
    void whileAKnownDeadHostIsTriedAgainTheOthersAreRefusedAtOnce() {
        pool = pool("borrow-wait", "PT1H");
        hypervisors.refuse(H1, new HypervisorException(FailureCode.RPC_ERROR, "no route"));
        refusal(H1, Purpose.CONTROL);
        timers.advance(Duration.ofSeconds(1));
        var hang = hypervisors.hang(H1);
        CompletableFuture<HypervisorConnection> probe = later(H1, Purpose.CONTROL);
        FakeConnection.await(hang.begun());

        assertEquals(FailureCode.HOST_OFFLINE, refusal(H1, Purpose.CONTROL).code());
        assertEquals(FailureCode.HOST_OFFLINE, refusal(H1, Purpose.WORK).code());
        hang.release().countDown();
        assertEquals(FailureCode.HOST_OFFLINE, failureOf(probe).code());
    }

    @Test
    void callersMistakeSaysNothingOfTheHost() {
        hypervisors.refuse(H1, new HypervisorException(FailureCode.INVALID_ARGUMENT, "uri: no such path"));
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal(H1, Purpose.CONTROL).code());
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal(H1, Purpose.CONTROL).code());
        assertEquals(2, hypervisors.attempts(H1));
        assertEquals(State.UNUSED, pool.statistics(H1).state());
    }

    @Test
    void leaseHeldForTooLongIsReportedOnceWithThePlaceThatTookIt() {
        Lease lease = pool.lease(H1, Purpose.CONTROL);
        timers.advance(Duration.ofSeconds(59));
        assertEquals(List.of(), events.leaks());
        timers.advance(Duration.ofMinutes(10));

        assertEquals(1, events.leaks().size());
        Leak leak = events.leaks().get(0);
        assertEquals(Thread.currentThread().getName(), leak.thread());
        assertEquals(Purpose.CONTROL, leak.purpose());
        assertTrue(List.of(leak.borrower().getStackTrace()).stream()
                .anyMatch(frame -> frame.getMethodName().startsWith("leaseHeldForTooLong")));
        assertEquals(1, pool.statistics(H1).leaks());
        lease.close();
        assertEquals(1, pool.statistics(H1).control().idle(), "it was only slow, and is of use again");
    }

    @Test
    void migrationsMayTakeHoursAndZeroTurnsLeakDetectionOff() {
        try (Lease work = pool.lease(H1, Purpose.WORK)) {
            timers.advance(Duration.ofHours(5));
            assertEquals(List.of(), events.leaks());
            timers.advance(Duration.ofHours(1).plus(SWEEP));
            assertEquals(1, events.leaks().size());
            assertTrue(work.connection().isOpen());
        }
        pool = pool("control-leak-after", "PT0S");
        try (Lease control = pool.lease(H2, Purpose.CONTROL)) {
            timers.advance(Duration.ofDays(1));
            assertEquals(1, events.leaks().size());
            assertTrue(control.connection().isOpen());
        }
    }

    @Test
    void idleConnectionsAreClosedInTheEndAndThenThePoolRests() {
        leaseAndReturn(H1, Purpose.CONTROL);
        timers.advance(Duration.ofMinutes(4));
        assertEquals(1, pool.statistics(H1).control().idle());
        timers.advance(Duration.ofMinutes(2));
        assertEquals(0, pool.statistics(H1).control().idle());
        assertTrue(hypervisors.opened().get(0).isClosed());
        assertTrue(timers.isIdle(), "an unused host costs nothing");
    }

    @Test
    void drainClosesWhatIsIdleAtOnceAndTheRestOnItsReturn() {
        leaseAndReturn(H1, Purpose.CONTROL);
        Lease work = pool.lease(H1, Purpose.WORK);
        pool.drain();

        assertTrue(hypervisors.opened().get(0).isClosed());
        assertTrue(work.connection().isOpen(), "a migration under way keeps its connection");
        work.close();
        assertTrue(hypervisors.opened().get(1).isClosed());
        assertEquals(FailureCode.OPERATION_INVALID, refusal(H1, Purpose.CONTROL).code());
        assertEquals(FailureCode.OPERATION_INVALID, refusal(H2, Purpose.CONTROL).code());
        assertEquals(0, hypervisors.attempts(H2));
        assertEquals(List.of("UNUSED>CONNECTED", "CONNECTED>CLOSED", "UNUSED>CLOSED"), events.changes());
    }

    // who has found no place may not be counted as waiting yet
    @RepeatedTest(100)
    void drainRefusesThoseWhoWait() throws Exception {
        pool = pool("work-max", "1", "borrow-wait", "PT1H");
        try (Lease first = pool.lease(H1, Purpose.WORK)) {
            CompletableFuture<HypervisorConnection> second = later(H1, Purpose.WORK);
            events.awaitWaiting();
            pool.drain();
            assertEquals(FailureCode.OPERATION_INVALID, failureOf(second).code());
            assertTrue(first.connection().isOpen());
        }
    }

    @Test
    void drainGoesOnWithoutAHostThatDoesNotEvenClose() {
        pool = new ConnectionPool(
                List.of(hypervisors), PoolSettingsTest.config("drain-wait", "PT0.001S"), timers, borrowers, events);
        leaseAndReturn(H1, Purpose.CONTROL);
        var closing = hypervisors.opened().get(0).holdsItsClosing();
        pool.drain();
        assertFalse(hypervisors.opened().get(0).isClosed());
        closing.countDown();
    }

    @Test
    void evictedHostIsForgottenAndBeginsAnew() throws Exception {
        pool = pool("work-max", "1", "borrow-wait", "PT1H");
        leaseAndReturn(H1, Purpose.CONTROL);
        try (Lease first = pool.lease(H1, Purpose.WORK)) {
            CompletableFuture<HypervisorConnection> second = later(H1, Purpose.WORK);
            events.awaitWaiting();
            pool.evict(H1);
            assertEquals(FailureCode.UNKNOWN_HOST, failureOf(second).code());
            assertTrue(first.connection().isOpen());
        }
        assertTrue(hypervisors.opened().stream().allMatch(FakeConnection::isClosed));
        assertEquals(State.UNUSED, pool.statistics(H1).state());
        leaseAndReturn(H1, Purpose.CONTROL);
        assertEquals(1, pool.statistics(H1).created());
    }

    @Test
    void statisticsTellOfEachPurpose() {
        assertEquals(State.UNUSED, pool.statistics(H1).state());
        leaseAndReturn(H1, Purpose.CONTROL);
        try (Lease work = pool.lease(H1, Purpose.WORK)) {
            assertTrue(work.connection().isOpen());
            HostPoolStatistics now = pool.statistics(H1);
            assertEquals(new HostPoolStatistics.Connections(0, 1, 2), now.control());
            assertEquals(new HostPoolStatistics.Connections(1, 0, 8), now.work());
            assertEquals(2, now.created());
            assertEquals(0, now.failures());
        }
    }

    private HypervisorConnection leaseAndReturn(ConnectUri uri, Purpose purpose) {
        try (Lease lease = pool.lease(uri, purpose)) {
            return lease.connection();
        }
    }

    private CompletableFuture<HypervisorConnection> later(ConnectUri uri, Purpose purpose) {
        return CompletableFuture.supplyAsync(() -> leaseAndReturn(uri, purpose), borrowers);
    }

    private Failure refusal(ConnectUri uri, Purpose purpose) {
        return assertThrows(FailureException.class, () -> leaseAndReturn(uri, purpose))
                .failure();
    }

    private static Failure failureOf(CompletableFuture<?> borrower) {
        return FailureException.failureOf(assertThrows(ExecutionException.class, borrower::get));
    }
}
