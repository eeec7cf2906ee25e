package dev.drover.ownership;

import dev.drover.time.Timers;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * This server's life and its lease. Renewed by a heartbeat; whether it is still valid is judged by the monotonic time
 * that has passed since the latest renewal was <em>asked for</em>, so that neither a set clock nor a slow answer can make
 * it look longer than it is. A life that was taken over is replaced by a new one that owns nothing.
 */
public final class Ownership {

    private static final System.Logger LOG = System.getLogger(Ownership.class.getName());

    private final LifeStore store;
    private final LeaseConfig config;
    private final Timers timers;
    private final Executor executor;
    private final String node;
    private volatile Life life;
    private volatile @Nullable Duration renewedAt;
    private volatile @Nullable Listener listener;
    private volatile boolean closed;

    /** Hears what changes about the ownership; called on the heartbeat's thread. */
    public interface Listener {

        /** This life owns more than before: at the start, and when it took over from another one. */
        void gained();

        /** The former life was taken over: nothing that it ran may be touched any more. */
        void lost();
    }

    /** @param node this server; the same after a restart, and no other server's */
    public Ownership(LifeStore store, LeaseConfig config, Timers timers, Executor executor, String node) {
        this.store = store;
        this.config = config;
        this.timers = timers;
        this.executor = executor;
        this.node = node;
        this.life = new Life(UUID.randomUUID(), node);
    }

    /**
     * Begins this life and takes over what is free to take: earlier lives of this server at once when they are proven
     * dead, others when their lease has run out.
     *
     * @param alone whether no other life of this node can be running, as the lock on its folder proves
     */
    public void begin(boolean alone, Listener hearing) {
        listener = hearing;
        Duration asked = timers.uptime();
        store.begin(life, config.lease());
        renewedAt = asked;
        store.adoptOrphans(life);
        if (alone) {
            store.ofNode(node, life.id()).forEach(dead -> store.inherit(dead, life, false));
        }
        takeOver();
        hearing.gained();
        beatLater();
    }

    /** This life. */
    public Life life() {
        return life;
    }

    /** Whether this life may still act: asked directly before each call that changes a hypervisor. */
    public boolean isValid() {
        Duration renewed = renewedAt;
        return renewed != null
                && !closed
                && timers.uptime().minus(renewed).compareTo(config.lease().minus(config.margin())) < 0;
    }

    /** @throws LeaseLapsed unless {@link #isValid} */
    public void require() {
        if (!isValid()) {
            throw new LeaseLapsed();
        }
    }

    /** Ends this life, so that another server need not wait for its lease to run out. */
    public void close() {
        closed = true;
        try {
            store.end(life.id());
        } catch (Exception e) {
            // as in beat
            LOG.log(Level.WARNING, "the end of this life could not be written; its lease runs out by itself", e);
        }
    }

    private void beatLater() {
        timers.after(config.heartbeat(), () -> executor.execute(this::beat));
    }

    private void beat() {
        if (closed) {
            return;
        }
        try {
            renew();
        } catch (Exception e) {
            // a commit that fails is a checked one that nobody declares
            LOG.log(Level.WARNING, "the lease could not be renewed: " + e.getMessage());
        } finally {
            beatLater();
        }
    }

    private void renew() {
        Duration asked = timers.uptime();
        if (store.renew(life.id(), config.lease())) {
            renewedAt = asked;
            if (takeOver()) {
                heard().gained();
            }
            return;
        }
        LOG.log(Level.ERROR, "another server has taken over from life {0}; it begins anew and owns nothing", life.id());
        renewedAt = null;
        heard().lost();
        var next = new Life(UUID.randomUUID(), node);
        Duration again = timers.uptime();
        store.begin(next, config.lease());
        life = next;
        renewedAt = again;
    }

    private Listener heard() {
        return Objects.requireNonNull(listener, "begin() comes first");
    }

    private boolean takeOver() {
        boolean gained = false;
        for (Life dead : store.expired(life.id())) {
            if (store.inherit(dead, life, true)) {
                LOG.log(Level.INFO, "took over from life {0} of {1}", dead.id(), dead.node());
                gained = true;
            }
        }
        return gained;
    }
}
