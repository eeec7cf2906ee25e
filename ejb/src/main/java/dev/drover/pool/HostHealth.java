package dev.drover.pool;

import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.pool.ConnectionStateChanged.State;
import dev.drover.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whether a host can be reached, and who may find out. A host that is not known to be well is tried by one borrower at
 * a time: the others wait for the outcome when nothing speaks against the host, and are refused at once after a failure
 * and while the back-off lasts. Changes are announced in order and with no lock held.
 */
final class HostHealth {

    /** What a borrower was admitted as. */
    enum Attempt {
        /** The host is well. */
        ORDINARY,
        /** This borrower finds out whether the host is well, and must say how it ended. */
        PROBE
    }

    private final Queue<ConnectionStateChanged> unannounced = new ConcurrentLinkedQueue<>();
    private final ReentrantLock announcing = new ReentrantLock();
    private final ConnectUri uri;
    private final Backoff backoff;
    private final Timers timers;
    private final PoolListener listener;

    private State state = State.UNUSED;
    private int failures;
    // by the uptime: a clock that is set back must not lengthen the back-off
    private @Nullable Duration nextAttempt;
    private @Nullable Failure lastFailure;
    private @Nullable RuntimeException lastCause;
    private @Nullable Failure closedBecause;
    private @Nullable CompletableFuture<Void> probe;

    HostHealth(ConnectUri uri, Backoff backoff, Timers timers, PoolListener listener) {
        this.uri = uri;
        this.backoff = backoff;
        this.timers = timers;
        this.listener = listener;
    }

    /**
     * Lets a borrower go on, after waiting for another one's probe if there is one.
     *
     * @throws FailureException {@code HOST_OFFLINE}, or the reason for which the host was closed
     */
    Attempt admit(Duration wait) {
        long start = System.nanoTime();
        while (true) {
            CompletableFuture<Void> other;
            synchronized (this) {
                refuseIfHopeless();
                if (state == State.CONNECTED) {
                    return Attempt.ORDINARY;
                }
                if (probe == null) {
                    probe = new CompletableFuture<>();
                    return Attempt.PROBE;
                }
                other = probe;
            }
            await(other, wait.minusNanos(System.nanoTime() - start));
        }
    }

    /** Refuses a borrower who would only wait for nothing; takes no part in probing. */
    synchronized void refuseIfHopeless() {
        if (closedBecause != null) {
            throw new FailureException(closedBecause);
        }
        if (state == State.BROKEN && failures > 0 && (probe != null || isTooEarly())) {
            throw offline();
        }
    }

    private boolean isTooEarly() {
        return nextAttempt != null && timers.uptime().compareTo(nextAttempt) < 0;
    }

    private void await(CompletableFuture<Void> other, Duration wait) {
        try {
            other.get(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new FailureException(
                    FailureCode.HOST_OFFLINE,
                    uri + " is offline so far: the first attempt to connect is still under way; try again in some"
                            + " seconds");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(FailureCode.ABORTED, uri + ": interrupted while waiting for a connection");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a probe never completes with an exception", e);
        }
    }

    /** The host has just answered. */
    void succeeded(Attempt attempt) {
        synchronized (this) {
            if (state != State.CLOSED) {
                failures = 0;
                nextAttempt = null;
                become(State.CONNECTED, null);
            }
            end(attempt);
        }
        announce();
    }

    /**
     * The host could not be reached. Several borrowers may find that out at once: only the first of them and then each
     * probe lengthens the back-off.
     *
     * @return what to tell the borrower
     */
    FailureException failed(Attempt attempt, RuntimeException cause) {
        FailureException refusal;
        synchronized (this) {
            lastFailure = FailureException.failureOf(cause);
            lastCause = cause;
            if (attempt == Attempt.PROBE || failures == 0) {
                failures++;
                nextAttempt = timers.uptime().plus(backoff.after(failures));
                become(State.BROKEN, lastFailure);
            }
            end(attempt);
            refusal = closedBecause == null ? offline() : new FailureException(closedBecause, cause);
        }
        announce();
        return refusal;
    }

    /** The attempt ended without telling anything of the host. */
    void withdrawn(Attempt attempt) {
        synchronized (this) {
            end(attempt);
        }
    }

    /** A connection broke by itself: the host may be gone or only restarting, so it may be tried at once. */
    void lost(Failure cause) {
        synchronized (this) {
            lastFailure = cause;
            lastCause = null;
            if (state == State.CONNECTED) {
                become(State.BROKEN, cause);
            }
        }
        announce();
    }

    /** Refuses everybody from now on, those who wait included. */
    void close(Failure because) {
        synchronized (this) {
            closedBecause = because;
            become(State.CLOSED, null);
            if (probe != null) {
                probe.complete(null);
            }
        }
        announce();
    }

    synchronized State state() {
        return state;
    }

    synchronized Optional<Failure> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    synchronized Optional<Instant> nextAttempt() {
        return state == State.BROKEN ? Optional.ofNullable(nextAttempt).map(this::onTheClock) : Optional.empty();
    }

    private void end(Attempt attempt) {
        CompletableFuture<Void> ended = probe;
        if (attempt == Attempt.PROBE && ended != null) {
            probe = null;
            ended.complete(null);
        }
    }

    private void become(State next, @Nullable Failure cause) {
        if (state != next && state != State.CLOSED) {
            unannounced.add(new ConnectionStateChanged(uri, state, next, Optional.ofNullable(cause)));
            state = next;
        }
    }

    private void announce() {
        while (!unannounced.isEmpty() && announcing.tryLock()) {
            try {
                for (var change = unannounced.poll(); change != null; change = unannounced.poll()) {
                    listener.stateChanged(change);
                }
            } finally {
                announcing.unlock();
            }
        }
    }

    private FailureException offline() {
        String reason = lastFailure == null
                ? "no cause known"
                : lastFailure.message() + " (" + lastFailure.code().name() + ")";
        var refusal = Failure.of(
                FailureCode.HOST_OFFLINE,
                uri + " is offline: " + reason + "; " + nextTry() + ", check that the host and its daemon run");
        return new FailureException(refusal, lastCause);
    }

    private Instant onTheClock(Duration uptime) {
        return timers.clock().instant().plus(uptime.minus(timers.uptime()));
    }

    private String nextTry() {
        Duration next = nextAttempt;
        if (next == null || !isTooEarly()) {
            return "being tried again now";
        }
        long millis = next.minus(timers.uptime()).toMillis();
        return "next try at " + onTheClock(next).truncatedTo(ChronoUnit.SECONDS) + " (in " + millis + " ms)";
    }
}
