package dev.drover.driver.libvirt.rpc;

import dev.drover.driver.libvirt.wire.Limits;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.concurrent.TimeUnit;

/** Opens the sockets of all connections on one small group of I/O threads, which it owns. */
public final class Transport implements AutoCloseable {

    private static final int THREADS = 2;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            THREADS, new DefaultThreadFactory("drover-libvirt", true), NioIoHandler.newFactory());

    /**
     * Connects {@code rpc} and returns when it can be used.
     *
     * @throws HypervisorException {@link FailureCode#NO_CONNECT} when nobody answers there in time
     */
    public void connect(SocketAddress address, RpcChannel rpc, ConnectOptions options, String peer) {
        var bootstrap = new Bootstrap()
                .group(loops)
                .channel(
                        address instanceof UnixDomainSocketAddress
                                ? NioDomainSocketChannel.class
                                : NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        // the length counts itself
                        channel.pipeline().addLast(new LengthFieldBasedFrameDecoder(Limits.FRAME, 0, 4, -4, 4), rpc);
                    }
                });
        if (address instanceof InetSocketAddress) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
        var connected = bootstrap.connect(address).awaitUninterruptibly();
        if (!connected.isSuccess()) {
            Throwable why = connected.cause();
            throw new HypervisorException(
                    FailureCode.NO_CONNECT,
                    peer + ": cannot connect: " + (why == null ? "cancelled" : why.getMessage())
                            + "; see whether libvirtd listens there",
                    why);
        }
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
