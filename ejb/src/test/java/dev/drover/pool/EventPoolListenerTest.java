package dev.drover.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.model.ConnectUri;
import dev.drover.pool.ConnectionStateChanged.State;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.NotificationOptions;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class EventPoolListenerTest {

    private final SlowObservers observers = new SlowObservers();
    private final EventPoolListener listener = new EventPoolListener(observers);
    private final ConnectionStateChanged connected = change(State.UNUSED, State.CONNECTED);
    private final ConnectionStateChanged broken = change(State.CONNECTED, State.BROKEN);

    private static ConnectionStateChanged change(State from, State to) {
        return new ConnectionStateChanged(ConnectUri.parse("fake://h1"), from, to, Optional.empty());
    }

    @Test
    void changeIsFiredOnceTheObserversOfTheOneBeforeAreThrough() {
        listener.stateChanged(connected);
        listener.stateChanged(broken);
        assertEquals(List.of(connected), observers.fired);
        observers.through.get(0).complete(null);
        assertEquals(List.of(connected, broken), observers.fired);
    }

    @Test
    void observerThatFailsDoesNotSilenceWhatFollows() {
        listener.stateChanged(connected);
        listener.stateChanged(broken);
        observers.through.get(0).completeExceptionally(new IllegalStateException("an observer's own trouble"));
        assertEquals(List.of(connected, broken), observers.fired);
    }

    /** An event whose observers are through when the test says so. */
    private static final class SlowObservers implements Event<ConnectionStateChanged> {

        private final List<ConnectionStateChanged> fired = new ArrayList<>();
        private final List<CompletableFuture<Void>> through = new ArrayList<>();

        @Override
        @SuppressWarnings("unchecked")
        public <U extends ConnectionStateChanged> CompletionStage<U> fireAsync(U event) {
            fired.add(event);
            var end = new CompletableFuture<Void>();
            through.add(end);
            return (CompletionStage<U>) (CompletionStage<?>) end;
        }

        @Override
        public <U extends ConnectionStateChanged> CompletionStage<U> fireAsync(U event, NotificationOptions options) {
            return fireAsync(event);
        }

        @Override
        public void fire(ConnectionStateChanged event) {
            throw new AssertionError("a borrower's thread must not run observers");
        }

        @Override
        public Event<ConnectionStateChanged> select(Annotation... qualifiers) {
            return this;
        }

        @Override
        public <U extends ConnectionStateChanged> Event<U> select(Class<U> subtype, Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <U extends ConnectionStateChanged> Event<U> select(TypeLiteral<U> subtype, Annotation... qualifiers) {
            throw new UnsupportedOperationException();
        }
    }
}
