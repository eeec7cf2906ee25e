package dev.drover.pool;

import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import java.util.List;

/** Tells several listeners one after the other. */
final class PoolListeners implements PoolListener {

    private final List<PoolListener> listeners;

    PoolListeners(PoolListener... listeners) {
        this.listeners = List.of(listeners);
    }

    @Override
    public void opened(ConnectUri uri, Purpose purpose) {
        listeners.forEach(listener -> listener.opened(uri, purpose));
    }

    @Override
    public void openFailed(ConnectUri uri, Purpose purpose, Failure cause) {
        listeners.forEach(listener -> listener.openFailed(uri, purpose, cause));
    }

    @Override
    public void pingFailed(ConnectUri uri, Purpose purpose, Failure cause) {
        listeners.forEach(listener -> listener.pingFailed(uri, purpose, cause));
    }

    @Override
    public void lost(ConnectUri uri, Purpose purpose, Failure cause) {
        listeners.forEach(listener -> listener.lost(uri, purpose, cause));
    }

    @Override
    public void closing(ConnectUri uri, Purpose purpose) {
        listeners.forEach(listener -> listener.closing(uri, purpose));
    }

    @Override
    public void closeFailed(ConnectUri uri, Purpose purpose, Failure cause) {
        listeners.forEach(listener -> listener.closeFailed(uri, purpose, cause));
    }

    @Override
    public void waiting(ConnectUri uri, Purpose purpose) {
        listeners.forEach(listener -> listener.waiting(uri, purpose));
    }

    @Override
    public void exhausted(ConnectUri uri, Purpose purpose, Failure refusal) {
        listeners.forEach(listener -> listener.exhausted(uri, purpose, refusal));
    }

    @Override
    public void leaked(Leak leak) {
        listeners.forEach(listener -> listener.leaked(leak));
    }

    @Override
    public void stateChanged(ConnectionStateChanged change) {
        listeners.forEach(listener -> listener.stateChanged(change));
    }
}
