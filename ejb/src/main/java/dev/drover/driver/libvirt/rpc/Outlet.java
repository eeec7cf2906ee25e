package dev.drover.driver.libvirt.rpc;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Sends frames in the order of the calls, from any thread. Where the bytes go out as they are, the caller's own thread
 * writes them, which saves the way over the I/O thread; what the socket does not take at once, and all that comes behind
 * it until it has gone, goes through Netty's queue.
 */
final class Outlet {

    // the JVM keeps a buffer of the largest size written for each thread that writes
    private static final int LARGEST_DIRECT = 64 * 1024;

    private final Channel channel;
    private final @Nullable SocketChannel socket;
    private int queued;

    Outlet(Channel channel) {
        this.channel = channel;
        this.socket = channel instanceof DirectTcp direct && channel.pipeline().get(SslHandler.class) == null
                ? direct.socketChannel()
                : null;
    }

    /** A failure ends the channel, and with it every call. */
    synchronized void send(byte[] frame) {
        ByteBuffer rest = ByteBuffer.wrap(frame);
        if (socket != null && queued == 0 && frame.length <= LARGEST_DIRECT) {
            try {
                socket.write(rest);
            } catch (IOException e) {
                broken(e);
                return;
            }
        }
        if (rest.hasRemaining()) {
            queued++;
            channel.writeAndFlush(Unpooled.wrappedBuffer(rest)).addListener(this::written);
        }
    }

    /** Whether the peer reads what it is sent; what need not be said should wait until it does. */
    boolean isFlowing() {
        return channel.isWritable();
    }

    private synchronized void written(Future<?> sent) {
        queued--;
        Throwable why = sent.cause();
        if (why != null) {
            broken(why);
        }
    }

    // who closed the channel knows why; that it is closed is no news
    private void broken(Throwable why) {
        if (!(why instanceof ClosedChannelException)) {
            channel.pipeline().fireExceptionCaught(why);
        }
    }
}
