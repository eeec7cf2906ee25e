package dev.drover.pool;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.time.Timers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An open connection together with the knowledge of whether it broke. */
final class LiveConnection {

    private final HypervisorConnection connection;
    private final Consumer<Failure> lost;
    private volatile boolean retired;
    private volatile @Nullable Failure brokenBy;

    /** @param lost told on the connection's I/O thread when it breaks by itself */
    LiveConnection(HypervisorConnection connection, Consumer<Failure> lost) {
        this.connection = connection;
        this.lost = lost;
    }

    /** Begins to listen; the subscription ends with the connection. */
    void watch() {
        connection.subscribe(this::hear);
    }

    private void hear(HypervisorEvent event) {
        if (event instanceof HypervisorEvent.ConnectionClosed closed && !retired) {
            Failure cause = closed.cause().orElseGet(LiveConnection::closed);
            brokenBy = cause;
            if (closed.cause().isPresent()) {
                lost.accept(cause);
            }
        }
    }

    HypervisorConnection connection() {
        return connection;
    }

    boolean isOpen() {
        return brokenBy == null && connection.isOpen();
    }

    /** What ended the connection. */
    Failure end() {
        Failure cause = brokenBy;
        return cause == null ? closed() : cause;
    }

    private static Failure closed() {
        return Failure.of(FailureCode.RPC_ERROR, "the connection was closed");
    }

    /**
     * Pings; when no answer comes in time, {@code giveUp} is run on a timer's thread and must close the connection, by
     * which the driver ends the ping. Without that, a hung host would hold the borrower for a whole call deadline.
     *
     * @throws RuntimeException whatever the driver threw
     */
    boolean ping(Timers timers, Duration timeout, Runnable giveUp) {
        var decided = new AtomicBoolean();
        Timers.Timer watchdog = timers.after(timeout, () -> {
            if (decided.compareAndSet(false, true)) {
                giveUp.run();
            }
        });
        try {
            connection.ping();
            return decided.compareAndSet(false, true) && isOpen();
        } finally {
            watchdog.cancel();
        }
    }

    /** From now on its end is wanted and no loss. */
    void retire() {
        retired = true;
    }
}
