package dev.drover.pool;

import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Remembers what a pool tells. */
final class PoolEvents implements PoolListener {

    private final List<Leak> leaks = new CopyOnWriteArrayList<>();
    private final List<ConnectionStateChanged> changes = new CopyOnWriteArrayList<>();
    private final List<String> failedClosings = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch waiting = new CountDownLatch(1);

    List<Leak> leaks() {
        return leaks;
    }

    List<String> failedClosings() {
        return failedClosings;
    }

    /** As {@code UNUSED>CONNECTED}. */
    List<String> changes() {
        return changes.stream().map(change -> change.from() + ">" + change.to()).toList();
    }

    /** Why the host was last called broken. */
    Failure latestCause() {
        return changes.stream()
                .flatMap(change -> change.cause().stream())
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    void awaitWaiting() {
        FakeConnection.await(waiting);
        waiting = new CountDownLatch(1);
    }

    @Override
    public void waiting(ConnectUri uri, Purpose purpose) {
        waiting.countDown();
    }

    @Override
    public void leaked(Leak leak) {
        leaks.add(leak);
    }

    @Override
    public void closeFailed(ConnectUri uri, Purpose purpose, Failure cause) {
        failedClosings.add(cause.message());
    }

    @Override
    public void stateChanged(ConnectionStateChanged change) {
        changes.add(change);
    }
}
