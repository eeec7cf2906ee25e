package dev.drover.hypervisor;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * In which phase a migration is, and who wants to know; for drivers. A phase is told before its call is made, on the thread
 * that is about to make it, and only forwards.
 */
public final class PhaseLog {

    private final List<Consumer<MigrationPhase>> listeners = new CopyOnWriteArrayList<>();
    private volatile MigrationPhase phase;

    public PhaseLog(MigrationPhase first) {
        this.phase = first;
    }

    public MigrationPhase phase() {
        return phase;
    }

    /** Hears the phase that it is in at once, and each one that follows. */
    public synchronized void listen(Consumer<MigrationPhase> listener) {
        listeners.add(listener);
        listener.accept(phase);
    }

    /** Tells the listeners that {@code next} begins; a step back, as of an end told twice, is none. */
    public synchronized void enter(MigrationPhase next) {
        if (next.compareTo(phase) > 0) {
            phase = next;
            listeners.forEach(listener -> listener.accept(next));
        }
    }
}
