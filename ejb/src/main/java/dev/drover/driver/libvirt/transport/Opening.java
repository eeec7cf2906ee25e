package dev.drover.driver.libvirt.transport;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The way from a socket to a connection that calls may use; ends once, well or not. */
final class Opening {

    private final String peer;
    private final CompletableFuture<Channel> ready = new CompletableFuture<>();

    /** @param peer the URI, for messages */
    Opening(String peer) {
        this.peer = peer;
    }

    CompletableFuture<Channel> ready() {
        return ready;
    }

    void done(Channel channel) {
        ready.complete(channel);
    }

    void fail(FailureCode code, String why) {
        fail(failure(code, why));
    }

    void fail(HypervisorException why) {
        ready.completeExceptionally(why);
    }

    /** Waits for its end; a channel that comes too late is closed. @throws HypervisorException why it did not end well */
    void await(Duration patience) {
        try {
            ready.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail(FailureCode.NO_CONNECT, "interrupted while connecting");
            closeLatecomer();
            throw failure(FailureCode.NO_CONNECT, "interrupted while connecting");
        } catch (TimeoutException e) {
            String why = "no connection in time; see whether libvirtd there is well";
            fail(FailureCode.NO_CONNECT, why);
            closeLatecomer();
            throw failure(FailureCode.NO_CONNECT, why);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof HypervisorException known
                    ? known
                    : new HypervisorException(FailureCode.NO_CONNECT, peer + ": " + e.getCause(), e);
        }
    }

    private void closeLatecomer() {
        ready.thenAccept(Channel::close);
    }

    HypervisorException failure(FailureCode code, String why) {
        return new HypervisorException(code, peer + ": " + why);
    }
}
