package dev.drover.pool;

import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;

/**
 * The places for one host and purpose: bounded, first come first served, the one used last lent first so that spare
 * connections grow old and are closed. It never talks to the host.
 */
final class SlotPool {

    private final ConnectUri uri;
    private final Purpose purpose;
    private final int max;
    private final PoolListener listener;
    private final GenericObjectPool<Slot> slots;
    private final AtomicInteger borrowing = new AtomicInteger();
    private volatile boolean closed;

    SlotPool(ConnectUri uri, Purpose purpose, PoolContext context, Supplier<Slot> maker) {
        this.uri = uri;
        this.purpose = purpose;
        this.max = context.config().max(purpose);
        this.listener = context.listener();
        this.slots = new GenericObjectPool<>(new Factory(maker), poolConfig(context.config()));
    }

    private GenericObjectPoolConfig<Slot> poolConfig(PoolConfig config) {
        var pool = new GenericObjectPoolConfig<Slot>();
        pool.setMaxTotal(max);
        pool.setMaxIdle(max);
        pool.setFairness(true);
        pool.setTestOnReturn(true);
        pool.setJmxEnabled(false);
        pool.setNumTestsPerEvictionRun(-1); // all of them
        Duration closeIdleAfter = config.closeIdleAfter();
        pool.setEvictionPolicy((ignored, place, idle) -> {
            Slot slot = place.getObject();
            boolean old = !closeIdleAfter.isZero() && slot.idleFor().compareTo(closeIdleAfter) >= 0;
            return old || !slot.isOpen();
        });
        return pool;
    }

    /**
     * A place, with or without a connection in it, for this caller alone until {@link #giveBack}.
     *
     * @throws FailureException {@code POOL_EXHAUSTED} with the pool's figures when none came free in time
     */
    Slot take(Duration wait) {
        if (slots.getNumIdle() == 0 && slots.getNumActive() >= max) {
            listener.waiting(uri, purpose);
        }
        borrowing.incrementAndGet();
        try {
            return slots.borrowObject(wait);
        } catch (NoSuchElementException e) {
            throw exhausted(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException(
                    FailureCode.ABORTED, uri + ": interrupted while waiting for a connection for " + purpose);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("making a place never fails", e);
        } finally {
            borrowing.decrementAndGet();
        }
    }

    private FailureException exhausted(Duration wait) {
        var refusal = new FailureException(
                FailureCode.POOL_EXHAUSTED,
                uri + ": all connections for " + purpose + " are leased (" + slots.getNumActive() + " active, "
                        + slots.getNumIdle() + " idle, " + max + " at most, " + slots.getNumWaiters()
                        + " others waiting; waited " + wait.toMillis() + " ms); try again later or raise "
                        + PoolSettings.PREFIX + key());
        listener.exhausted(uri, purpose, refusal.failure());
        return refusal;
    }

    private String key() {
        return switch (purpose) {
            case CONTROL -> "control-max";
            case WORK -> "work-max";
        };
    }

    /** Keeps the place's connection for the next borrower unless it broke; wakes the longest waiter. */
    void giveBack(Slot slot) {
        slot.returned();
        slots.returnObject(slot);
    }

    /** Closes connections that broke or were idle for too long. */
    void closeIdle() {
        try {
            slots.evict();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("closing in the background never fails", e);
        }
    }

    /**
     * Closes idle connections now, leased ones when they come back, and wakes all waiters: they get a place and find the
     * host closed. (Commons Pool's own close interrupts them, which their callers would take for a wish to stop.)
     */
    void close() {
        closed = true;
        slots.clear();
        // whoever asks from here on gets a place of its own; those who asked before may have found none without being
        // counted as waiters yet: they get one each
        slots.setMaxTotal(-1);
        slots.setMaxIdle(-1);
        try {
            slots.addObjects(borrowing.get());
        } catch (Exception e) {
            throw new IllegalStateException("making a place never fails", e);
        }
    }

    boolean isUnused() {
        return slots.getNumActive() == 0 && slots.getNumIdle() == 0;
    }

    HostPoolStatistics.Connections statistics() {
        return new HostPoolStatistics.Connections(slots.getNumActive(), slots.getNumIdle(), max);
    }

    private final class Factory extends BasePooledObjectFactory<Slot> {

        private final Supplier<Slot> maker;

        Factory(Supplier<Slot> maker) {
            this.maker = maker;
        }

        @Override
        public Slot create() {
            return maker.get();
        }

        @Override
        public PooledObject<Slot> wrap(Slot slot) {
            return new DefaultPooledObject<>(slot);
        }

        // asked on return only: whether the place is worth keeping
        @Override
        public boolean validateObject(PooledObject<Slot> place) {
            return !closed && place.getObject().isOpen();
        }

        @Override
        public void destroyObject(PooledObject<Slot> place) {
            place.getObject().discard();
        }
    }
}
