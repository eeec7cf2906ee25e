package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.wire.WireException;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Turns asynchronous answers into plain ones. Calls end by their own deadlines, so waiting needs none. */
final class Waiting {

    private Waiting() {}

    static <T> T on(CompletionStage<T> answer) {
        try {
            return answer.toCompletableFuture().join();
        } catch (CompletionException e) {
            throw unwrapped(e);
        }
    }

    /** The driver's own exception inside; anything else is an answer that could not be understood. */
    static HypervisorException unwrapped(Throwable thrown) {
        Throwable inner = thrown;
        while ((inner instanceof CompletionException || inner instanceof ExecutionException)
                && inner.getCause() != null) {
            inner = inner.getCause();
        }
        if (inner instanceof HypervisorException known) {
            return known;
        }
        String what = inner instanceof WireException ? "the server's answer makes no sense: " : "unexpected: ";
        return new HypervisorException(FailureCode.RPC_ERROR, what + inner.getMessage(), inner);
    }
}
