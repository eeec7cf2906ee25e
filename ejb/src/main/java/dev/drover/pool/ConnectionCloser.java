package dev.drover.pool;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.model.FailureException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Closes connections in the background: a hung host may hold up its own closing, but nobody who returns a lease. */
final class ConnectionCloser {

    private final Set<CompletableFuture<?>> closing = ConcurrentHashMap.newKeySet();
    private final Executor executor;
    private final PoolListener listener;

    ConnectionCloser(Executor executor, PoolListener listener) {
        this.executor = executor;
        this.listener = listener;
    }

    void close(HypervisorConnection connection, Purpose purpose) {
        var done = new CompletableFuture<Void>();
        closing.add(done);
        Runnable task = () -> {
            try {
                connection.close();
            } catch (RuntimeException e) {
                listener.closeFailed(connection.uri(), purpose, FailureException.failureOf(e));
            } finally {
                closing.remove(done);
                done.complete(null);
            }
        };
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            // the server may stop its executors before the pool; closing late is better than not at all
            task.run();
        }
    }

    /** Waits until what is being closed now is closed, at most {@code wait}. */
    void awaitClosed(Duration wait) {
        try {
            CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new))
                    .get(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // a hung host must not hold up the end of the application; its sockets die with it
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("closing never completes with an exception", e);
        }
    }
}
