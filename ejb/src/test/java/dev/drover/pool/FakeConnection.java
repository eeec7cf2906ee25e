package dev.drover.pool;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection that a test breaks, silences or holds. The pool uses no more of one than its life, so it has no more. */
final class FakeConnection {

    private final List<Consumer<HypervisorEvent>> listeners = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger pings = new AtomicInteger();
    private final ConnectUri uri;
    private final HypervisorConnection lent;
    private volatile boolean open = true;
    private volatile boolean silent;
    private volatile @Nullable CountDownLatch silentPing;
    private volatile @Nullable CountDownLatch closingHeldBy;

    FakeConnection(ConnectUri uri) {
        this.uri = uri;
        this.lent = (HypervisorConnection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {HypervisorConnection.class}, this::call);
    }

    private @Nullable Object call(Object proxy, Method method, Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "uri" -> uri;
            case "isOpen" -> open;
            case "ping" -> {
                ping();
                yield null;
            }
            case "subscribe" -> subscribe(listener(arguments));
            case "close" -> {
                close();
                yield null;
            }
            case "toString" -> "fake connection to " + uri;
            default -> throw new UnsupportedOperationException(method + ": the pool lends connections, no more");
        };
    }

    @SuppressWarnings("unchecked")
    private static Consumer<HypervisorEvent> listener(Object @Nullable [] arguments) {
        return (Consumer<HypervisorEvent>) Objects.requireNonNull(arguments)[0];
    }

    /** What the pool gets. */
    HypervisorConnection lent() {
        return lent;
    }

    /** The host is gone: the transport says so. */
    void breaks(String why) {
        open = false;
        var gone = new HypervisorEvent.ConnectionClosed(Optional.of(Failure.of(FailureCode.RPC_ERROR, why)));
        listeners.forEach(listener -> listener.accept(gone));
    }

    /** Pings fail from now on. */
    void refusesPings() {
        silent = true;
    }

    /** Pings get no answer from now on; the latch tells when one is waited for. */
    CountDownLatch hangs() {
        var begun = new CountDownLatch(1);
        silentPing = begun;
        return begun;
    }

    /** Closing takes until the latch is released. */
    CountDownLatch holdsItsClosing() {
        var release = new CountDownLatch(1);
        closingHeldBy = release;
        return release;
    }

    int pings() {
        return pings.get();
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void ping() {
        pings.incrementAndGet();
        CountDownLatch begun = silentPing;
        if (begun != null) {
            begun.countDown();
            await(closed);
            throw new HypervisorException(FailureCode.RPC_ERROR, "closed while waiting for an answer");
        }
        if (silent) {
            throw new HypervisorException(FailureCode.RPC_ERROR, "no answer");
        }
    }

    private HypervisorConnection.Subscription subscribe(Consumer<HypervisorEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void close() {
        CountDownLatch held = closingHeldBy;
        if (held != null) {
            await(held);
        }
        open = false;
        closed.countDown();
    }
}
