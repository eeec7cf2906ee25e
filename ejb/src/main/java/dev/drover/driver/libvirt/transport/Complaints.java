package dev.drover.driver.libvirt.transport;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The end of what a program wrote to its standard error: its own words and, of ssh, the remote command's. */
final class Complaints extends SimpleChannelInboundHandler<ByteBuf> {

    private static final int MOST = 1000;
    private static final int PATIENCE_MS = 1000;

    private final Program program;
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<Void> begun = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Complaints(Program program) {
        this.program = program;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        begun.complete(null);
    }

    /** Done when there is a stream of them, be it silent. */
    CompletionStage<Void> begun() {
        return begun;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
        synchronized (text) {
            text.append(bytes.toString(StandardCharsets.UTF_8));
            if (text.length() > MOST) {
                text.delete(0, text.length() - MOST);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended.complete(null);
    }

    boolean hasAny() {
        synchronized (text) {
            return !text.isEmpty();
        }
    }

    /** Why the connection ended, in the program's words on one line. */
    Optional<HypervisorException> failure(Opening opening) {
        try {
            ended.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            // a process that it left behind may hold its standard error open; what it has said will do
        }
        String words;
        synchronized (text) {
            // the host on the other side may have written this: nothing that a terminal or a log would obey
            words = text.toString().replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        }
        boolean login = words.contains("Permission denied") || words.contains("Host key verification failed");
        return Optional.of(opening.failure(
                login ? FailureCode.AUTHENTICATION_FAILED : FailureCode.NO_CONNECT,
                program.name() + " ended" + (words.isEmpty() ? " without a word" : ": " + words)
                        + (login
                                ? "; the user that this server runs as needs a key that the host accepts, and the host's key in "
                                        + "known_hosts"
                                : "; " + program.advice())));
    }
}
