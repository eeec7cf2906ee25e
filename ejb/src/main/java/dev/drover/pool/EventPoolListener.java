package dev.drover.pool;

import jakarta.enterprise.event.Event;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Fires changes of state as asynchronous CDI events, each after the observers of the one before are through. */
final class EventPoolListener implements PoolListener {

    private final Event<ConnectionStateChanged> event;
    private CompletionStage<?> latest = CompletableFuture.completedStage(null);

    EventPoolListener(Event<ConnectionStateChanged> event) {
        this.event = event;
    }

    // the container runs asynchronous events in any order; an observer must not see "connected" before "broken"
    @Override
    public synchronized void stateChanged(ConnectionStateChanged change) {
        latest = latest.handle((fired, failure) -> change).thenCompose(event::fireAsync);
    }
}
