package dev.drover.driver.libvirt.rpc;

import dev.drover.driver.libvirt.wire.Header;
import dev.drover.driver.libvirt.wire.RemoteError;
import dev.drover.driver.libvirt.wire.WireException;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One connection: calls with their replies, events, keepalive. A reply is matched to its call by serial; a call whose
 * deadline passes fails alone, a frame that makes no sense ends the connection and all that wait on it.
 */
public final class RpcChannel extends SimpleChannelInboundHandler<ByteBuf> {

    private static final int PING = 1;
    private static final int PONG = 2;

    private final String peer;
    private final ConnectOptions options;
    private final Listener listener;
    private final Map<Integer, CompletableFuture<XdrReader>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger serials = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();
    private int unanswered;
    private volatile @Nullable Channel channel;
    private volatile @Nullable Failure cause;
    private volatile boolean closing;

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
        Channel now = channel;
        return now != null && now.isActive() && !ended.get();
    }

    /**
     * Sends a call.
     *
     * @param deadline how long the answer may take; {@link Duration#ZERO} is as long as the connection lives
     * @return the body of the answer, or a {@link HypervisorException}
     */
    public CompletableFuture<XdrReader> call(int procedure, byte[] body, Duration deadline) {
        Channel now = channel;
        if (now == null || !isOpen()) {
            return CompletableFuture.failedFuture(lost());
        }
        int serial = serials.incrementAndGet();
        CompletableFuture<XdrReader> reply = new CompletableFuture<>();
        waiting.put(serial, reply);
        now.writeAndFlush(Unpooled.wrappedBuffer(Header.call(procedure, serial).frame(body)))
                .addListener(sent -> {
                    if (!sent.isSuccess()) {
                        fail(serial, lost());
                    }
                });
        // the connection may have ended between the check and the put
        if (ended.get()) {
            fail(serial, lost());
        }
        if (!deadline.isZero()) {
            var timer = now.eventLoop()
                    .schedule(() -> fail(serial, late(deadline)), deadline.toNanos(), TimeUnit.NANOSECONDS);
            reply.whenComplete((answer, error) -> timer.cancel(false));
        }
        return reply;
    }

    public void close() {
        closing = true;
        Channel now = channel;
        if (now != null) {
            now.close();
        }
    }

    private void fail(int serial, HypervisorException why) {
        CompletableFuture<XdrReader> reply = waiting.remove(serial);
        if (reply != null) {
            reply.completeExceptionally(why);
        }
    }

    private HypervisorException late(Duration deadline) {
        return new HypervisorException(
                FailureCode.AGENT_UNRESPONSIVE,
                peer + ": no answer within " + deadline.toMillis() + " ms; see whether libvirtd there is well");
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
        channel = context.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        long interval = options.keepaliveInterval().toNanos();
        if (interval > 0) {
            context.executor().scheduleAtFixedRate(() -> ping(context), interval, interval, TimeUnit.NANOSECONDS);
        }
    }

    // on the event loop, as channelRead0 is: the counter needs no lock
    private void ping(ChannelHandlerContext context) {
        if (!context.channel().isActive()) {
            return;
        }
        if (unanswered >= options.keepaliveCount()) {
            end(context, "no sign of life for " + options.keepaliveInterval().multipliedBy(unanswered));
            return;
        }
        unanswered++;
        context.writeAndFlush(Unpooled.wrappedBuffer(Header.keepalive(PING).frame(new byte[0])));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
        byte[] bytes = new byte[frame.readableBytes()];
        frame.readBytes(bytes);
        XdrReader in = new XdrReader(bytes);
        Header header = Header.read(in);
        unanswered = 0;
        if (header.program() == Header.KEEPALIVE_PROGRAM) {
            if (header.procedure() == PING) {
                context.writeAndFlush(
                        Unpooled.wrappedBuffer(Header.keepalive(PONG).frame(new byte[0])));
            }
        } else if (header.program() == Header.REMOTE_PROGRAM && header.type() == Header.TYPE_REPLY) {
            reply(header, in);
        } else if (header.program() == Header.REMOTE_PROGRAM && header.type() == Header.TYPE_MESSAGE) {
            listener.event(header.procedure(), in);
        }
        // anything else belongs to programs that were never asked for
    }

    private void reply(Header header, XdrReader in) {
        CompletableFuture<XdrReader> reply = waiting.remove(header.serial());
        if (reply == null) {
            // the answer to a call whose deadline has passed
            if (header.serial() < 1 || header.serial() > serials.get()) {
                throw new WireException("a reply to call " + header.serial() + ", which was never made");
            }
            return;
        }
        if (header.status() == Header.STATUS_OK) {
            reply.complete(in);
        } else {
            reply.completeExceptionally(RemoteError.read(in));
        }
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
        waiting.keySet().forEach(serial -> fail(serial, lost()));
        listener.closed(Optional.ofNullable(cause));
    }
}
