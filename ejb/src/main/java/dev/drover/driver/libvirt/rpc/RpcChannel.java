package dev.drover.driver.libvirt.rpc;

import dev.drover.driver.libvirt.wire.Header;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One connection: calls with their replies, events, keepalive. A reply is matched to its call by serial; a call whose
 * deadline passes fails alone, a frame that makes no sense ends the connection and all that wait on it.
 */
public final class RpcChannel extends SimpleChannelInboundHandler<ByteBuf> {

    private final String peer;
    private final ConnectOptions options;
    private final Listener listener;
    private final PendingCalls calls = new PendingCalls();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable Wire wire;
    private volatile @Nullable Failure cause;
    private volatile boolean closing;

    /** What there is once the channel is known. */
    private record Wire(Channel channel, Outlet outlet, Deadlines deadlines, KeepAlive keepAlive) {}

    /** Hears what comes unasked; called on the I/O thread. */
    public interface Listener {

        void event(int procedure, XdrReader body);

        /** The last call. @param cause why, unless {@link RpcChannel#close} was called */
        void closed(Optional<Failure> cause);
    }

    /** @param peer the URI, for messages */
    public RpcChannel(String peer, ConnectOptions options, Listener listener) {
        this.peer = peer;
        this.options = options;
        this.listener = listener;
    }

    public boolean isOpen() {
        Wire now = wire;
        return now != null && now.channel.isActive() && !ended.get() && !closing;
    }

    /**
     * Sends a call.
     *
     * @param deadline how long the answer may take; {@link Duration#ZERO} is as long as the connection lives
     * @return the body of the answer, or a {@link HypervisorException}
     */
    public CompletableFuture<XdrReader> call(int procedure, byte[] body, Duration deadline) {
        Wire now = wire;
        if (now == null || !isOpen()) {
            return CompletableFuture.failedFuture(lost());
        }
        var call = calls.add(procedure, deadline, now.deadlines.after(deadline));
        now.outlet.send(Header.call(procedure, call.serial()).frame(body));
        // the connection may have ended between the check and the call's becoming known
        if (ended.get()) {
            calls.fail(call, this::lost);
        }
        now.deadlines.watch(call.deadline());
        return call.answer();
    }

    public void close() {
        closing = true;
        Wire now = wire;
        if (now != null) {
            now.channel.close();
        }
    }

    private HypervisorException late(Duration patience) {
        return new HypervisorException(
                FailureCode.AGENT_UNRESPONSIVE,
                peer + ": no answer within " + patience.toMillis() + " ms; see whether libvirtd there is well");
    }

    private HypervisorException lost() {
        Failure why = cause;
        return why == null
                ? new HypervisorException(FailureCode.RPC_ERROR, peer + ": the connection is closed")
                : new HypervisorException(why.code(), "the connection is closed: " + why.message());
    }

    // before the connect has succeeded, so that whoever waited for that finds the channel
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        Channel channel = context.channel();
        var outlet = new Outlet(channel);
        var deadlines = new Deadlines(
                System::nanoTime,
                (task, nanos) -> channel.eventLoop().schedule(task, nanos, TimeUnit.NANOSECONDS),
                now -> calls.expire(now, this::late));
        var keepAlive = new KeepAlive(outlet, options, why -> end(context, why));
        wire = new Wire(channel, outlet, deadlines, keepAlive);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        wire().keepAlive.start(context.channel());
    }

    private Wire wire() {
        return Objects.requireNonNull(wire, "the channel reads before it is one");
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
        if (cause != null) {
            return; // behind bytes that make no sense nothing does
        }
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        XdrReader in = new XdrReader(bytes);
        Header header = Header.read(in);
        wire().keepAlive.heard();
        if (header.program() == Header.KEEPALIVE_PROGRAM) {
            wire().keepAlive.heard(header);
        } else if (header.program() == Header.REMOTE_PROGRAM && header.type() == Header.TYPE_REPLY) {
            calls.answer(header, in);
        } else if (header.program() == Header.REMOTE_PROGRAM && header.type() == Header.TYPE_MESSAGE) {
            listener.event(header.procedure(), in);
        }
        // anything else belongs to programs that were never asked for
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
        // a transport that knows more says so itself
        if (thrown instanceof HypervisorException known) {
            end(context, known.failure());
        } else {
            end(context, String.valueOf(thrown.getMessage()));
        }
    }

    private void end(ChannelHandlerContext context, String why) {
        end(context, Failure.of(FailureCode.RPC_ERROR, peer + ": " + why));
    }

    private void end(ChannelHandlerContext context, Failure why) {
        if (cause == null && !closing) {
            cause = why;
        }
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        if (cause == null && !closing) {
            cause = Failure.of(FailureCode.RPC_ERROR, peer + ": the server hung up");
        }
        calls.failAll(this::lost);
        listener.closed(Optional.ofNullable(cause));
    }
}
