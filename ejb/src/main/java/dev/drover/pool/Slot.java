package dev.drover.pool;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The place for one connection in a pool. Commons Pool hands out places instead of connections, so that the slow and
 * fallible opening happens on the borrower's own thread: the pool itself never waits for a host. Used by one thread at
 * a time, the borrower's; what others read is volatile.
 */
final class Slot {

    private final ConnectUri uri;
    private final Purpose purpose;
    private final HypervisorDriver driver;
    private final PoolContext context;
    private final ConnectionCloser closer;
    private final Consumer<Failure> lost;
    private volatile @Nullable LiveConnection live;
    private volatile Duration idleSince;

    Slot(
            ConnectUri uri,
            Purpose purpose,
            HypervisorDriver driver,
            PoolContext context,
            ConnectionCloser closer,
            Consumer<Failure> lost) {
        this.uri = uri;
        this.purpose = purpose;
        this.driver = driver;
        this.context = context;
        this.closer = closer;
        this.lost = lost;
        this.idleSince = context.timers().uptime();
    }

    boolean isOpen() {
        LiveConnection current = live;
        return current != null && current.isOpen();
    }

    /** @throws IllegalStateException when there is none: see {@link #makeReady} */
    HypervisorConnection connection() {
        LiveConnection current = live;
        if (current == null) {
            throw new IllegalStateException("no connection to " + uri + " in this place; make it ready first");
        }
        return current.connection();
    }

    /** Why {@link #isOpen} is no longer true. */
    Failure end() {
        LiveConnection current = live;
        return current == null ? Failure.of(FailureCode.INTERNAL, "there is no connection") : current.end();
    }

    /**
     * Makes sure that there is an open connection, by a ping or by opening one where need be.
     *
     * @param prove whether the host itself must answer, however short the connection was idle
     * @return whether the host did answer
     * @throws RuntimeException whatever the driver threw when it could not open one
     */
    boolean makeReady(boolean prove) {
        LiveConnection current = live;
        if (current != null && current.isOpen()) {
            if (!prove && idleFor().compareTo(context.config().pingAfterIdle()) < 0) {
                return false;
            }
            if (answers(current)) {
                return true;
            }
        }
        discard();
        open();
        return true;
    }

    private boolean answers(LiveConnection current) {
        // what the driver says of a connection that we closed under it would hide the reason
        var gaveUp = new AtomicBoolean();
        Runnable giveUp = () -> {
            gaveUp.set(true);
            closer.close(current.connection(), purpose);
        };
        try {
            if (current.ping(context.timers(), context.config().pingTimeout(), giveUp)) {
                return true;
            }
            pingFailed(gaveUp.get() ? noAnswer() : current.end());
        } catch (RuntimeException e) {
            pingFailed(gaveUp.get() ? noAnswer() : FailureException.failureOf(e));
        }
        return false;
    }

    private Failure noAnswer() {
        return Failure.of(
                FailureCode.OPERATION_TIMEOUT,
                "no answer to a ping within " + context.config().pingTimeout().toMillis() + " ms");
    }

    private void pingFailed(Failure cause) {
        context.listener().pingFailed(uri, purpose, cause);
    }

    private void open() {
        try {
            var opened = new LiveConnection(driver.open(uri, context.config().connect()), this::lost);
            live = opened;
            opened.watch();
        } catch (RuntimeException e) {
            discard();
            context.listener().openFailed(uri, purpose, FailureException.failureOf(e));
            throw e;
        }
        context.listener().opened(uri, purpose);
    }

    private void lost(Failure cause) {
        context.listener().lost(uri, purpose, cause);
        lost.accept(cause);
    }

    void returned() {
        idleSince = context.timers().uptime();
    }

    Duration idleFor() {
        return context.timers().uptime().minus(idleSince);
    }

    /** Closes the connection, if any, in the background. */
    void discard() {
        LiveConnection current = live;
        live = null;
        if (current != null) {
            current.retire();
            context.listener().closing(uri, purpose);
            closer.close(current.connection(), purpose);
        }
    }
}
