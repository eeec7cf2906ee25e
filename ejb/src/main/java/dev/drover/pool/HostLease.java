package dev.drover.pool;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.model.ConnectUri;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A lease that knows since when it is out and who took it. */
final class HostLease implements Lease {

    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean reported = new AtomicBoolean();
    private final Throwable borrower = new Throwable("the lease was taken here");
    private final String thread = Thread.currentThread().getName();
    private final ConnectUri uri;
    private final Purpose purpose;
    private final Slot slot;
    private final HypervisorConnection connection;
    private final Duration since;
    private final Consumer<HostLease> giveBack;

    HostLease(ConnectUri uri, Purpose purpose, Slot slot, Duration since, Consumer<HostLease> giveBack) {
        this.uri = uri;
        this.purpose = purpose;
        this.slot = slot;
        this.connection = slot.connection();
        this.since = since;
        this.giveBack = giveBack;
    }

    Purpose purpose() {
        return purpose;
    }

    Slot slot() {
        return slot;
    }

    @Override
    public HypervisorConnection connection() {
        if (closed.get()) {
            throw new IllegalStateException("the lease of a connection to " + uri + " is over; take a new one");
        }
        return connection;
    }

    /** This lease as a leak when it is one and nobody was told yet. */
    Optional<Leak> leak(Duration now, Duration threshold) {
        Duration heldFor = now.minus(since);
        boolean leaked = !threshold.isZero() && heldFor.compareTo(threshold) >= 0 && !closed.get();
        return leaked && reported.compareAndSet(false, true)
                ? Optional.of(new Leak(uri, purpose, heldFor, thread, borrower))
                : Optional.empty();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            giveBack.accept(this);
        }
    }
}
