package dev.drover.driver.libvirt;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What is left of the time that opening a connection may take, shared by all its steps. */
final class Patience {

    private final String peer;
    private final Duration whole;
    private final long end;

    /** @param peer the URI, for messages */
    Patience(String peer, Duration whole) {
        this.peer = peer;
        this.whole = whole;
        this.end = System.nanoTime() + whole.toNanos();
    }

    /** Waits for an answer. @throws HypervisorException its failure, or {@code NO_CONNECT} when time is up */
    <T> T on(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HypervisorException(FailureCode.NO_CONNECT, peer + ": interrupted while connecting", e);
        } catch (TimeoutException e) {
            throw new HypervisorException(
                    FailureCode.NO_CONNECT,
                    peer + ": connected, but not ready within " + whole.toMillis()
                            + " ms; see whether libvirtd there is well");
        } catch (ExecutionException e) {
            throw Waiting.unwrapped(e);
        }
    }
}
