package dev.drover.pool;

import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.time.Timers;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The connections to one host. Hosts share nothing but threads, so what one host does to its pool stays there. */
final class HostPool {

    private final Set<HostLease> leases = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Timers.@Nullable Timer> sweeping = new AtomicReference<>();
    private final HostCounters counters = new HostCounters();
    private final ConnectUri uri;
    private final PoolContext context;
    private final HostHealth health;
    private final Map<Purpose, SlotPool> slots = new EnumMap<>(Purpose.class);
    private volatile boolean closed;

    HostPool(ConnectUri uri, HypervisorDriver driver, PoolContext shared, ConnectionCloser closer) {
        this.uri = uri;
        this.context = shared.withListener(new PoolListeners(counters, shared.listener()));
        this.health = new HostHealth(uri, context.config().backoff(), context.timers(), context.listener());
        for (Purpose purpose : Purpose.values()) {
            slots.put(
                    purpose,
                    new SlotPool(
                            uri,
                            purpose,
                            context,
                            () -> new Slot(uri, purpose, driver, context, closer, health::lost)));
        }
    }

    Lease lease(Purpose purpose) {
        long start = System.nanoTime();
        Duration wait = context.config().borrowWait();
        health.refuseIfHopeless();
        SlotPool places = slots(purpose);
        Slot slot = places.take(wait);
        try {
            connect(slot, wait.minusNanos(System.nanoTime() - start));
            return grant(slot, purpose);
        } catch (RuntimeException | Error e) {
            places.giveBack(slot);
            throw e;
        }
    }

    private void connect(Slot slot, Duration wait) {
        HostHealth.Attempt attempt = health.admit(wait);
        boolean answered;
        try {
            answered = slot.makeReady(attempt == HostHealth.Attempt.PROBE);
        } catch (RuntimeException e) {
            if (isCallersMistake(e)) {
                health.withdrawn(attempt);
                throw e;
            }
            throw health.failed(attempt, e);
        } catch (Error e) {
            health.withdrawn(attempt);
            throw e;
        }
        if (answered) {
            health.succeeded(attempt);
        }
        if (!slot.isOpen()) {
            // it broke while the host was being called well; a host that does so each time deserves the back-off
            throw health.failed(HostHealth.Attempt.ORDINARY, new FailureException(slot.end()));
        }
    }

    private static boolean isCallersMistake(RuntimeException e) {
        return e instanceof FailureException refusal && refusal.failure().kind() == FailureCode.Kind.CALLER;
    }

    private Lease grant(Slot slot, Purpose purpose) {
        var lease = new HostLease(uri, purpose, slot, now(), this::takeBack);
        leases.add(lease);
        sweepLater();
        return lease;
    }

    private void takeBack(HostLease lease) {
        leases.remove(lease);
        slots(lease.purpose()).giveBack(lease.slot());
    }

    // swept only while there is something to sweep: an unused host costs nothing
    private void sweepLater() {
        if (closed || sweeping.get() != null) {
            return;
        }
        Timers.Timer timer = context.timers().after(context.config().sweepInterval(), () -> context.executor()
                .execute(this::sweep));
        if (!sweeping.compareAndSet(null, timer)) {
            timer.cancel();
        }
    }

    private void sweep() {
        try {
            slots.values().forEach(SlotPool::closeIdle);
            reportLeaks();
        } finally {
            sweeping.set(null);
        }
        if (!slots.values().stream().allMatch(SlotPool::isUnused)) {
            sweepLater();
        }
    }

    private void reportLeaks() {
        Duration now = now();
        for (HostLease lease : leases) {
            lease.leak(now, context.config().leakAfter(lease.purpose())).ifPresent(context.listener()::leaked);
        }
    }

    /** Ends this pool; connections on loan end when they come back. @param because what later borrowers are told */
    void close(Failure because) {
        closed = true;
        health.close(because);
        slots.values().forEach(SlotPool::close);
        Timers.Timer timer = sweeping.getAndSet(null);
        if (timer != null) {
            timer.cancel();
        }
    }

    HostPoolStatistics statistics() {
        return new HostPoolStatistics(
                uri,
                health.state(),
                slots(Purpose.CONTROL).statistics(),
                slots(Purpose.WORK).statistics(),
                counters.created(),
                counters.failures(),
                counters.leaks(),
                counters.waits(),
                health.lastFailure(),
                health.nextAttempt());
    }

    // every purpose has its places from the constructor on
    private SlotPool slots(Purpose purpose) {
        return Objects.requireNonNull(slots.get(purpose));
    }

    private Duration now() {
        return context.timers().uptime();
    }
}
