package dev.drover.driver.libvirt.transport;

import dev.drover.driver.libvirt.rpc.DirectTcp;
import dev.drover.driver.libvirt.rpc.RpcChannel;
import dev.drover.driver.libvirt.wire.Limits;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Opens the sockets of all connections on one small group of I/O threads, which it owns. */
public final class Transport implements AutoCloseable {

    private static final int THREADS = 2;

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            THREADS, new DefaultThreadFactory("drover-libvirt", true), NioIoHandler.newFactory());
    private final Set<Process> processes = ConcurrentHashMap.newKeySet();
    private final Settings settings;
    private final ProgramBridge bridge;

    public Transport(Settings settings) {
        this.settings = settings;
        this.bridge = new ProgramBridge(loops, processes, settings);
    }

    /**
     * Connects {@code rpc} and returns when calls can be made on it. A name with several addresses is tried at each.
     *
     * @param peer the URI, for messages
     * @return says why the connection ended, as far as a program that carries it knows; may wait a moment for its words
     * @throws HypervisorException {@link FailureCode#NO_CONNECT} when nobody answers there in time,
     *     {@link FailureCode#AUTHENTICATION_FAILED} when one side of TLS does not trust the other
     */
    public Supplier<Optional<HypervisorException>> connect(
            Endpoint endpoint, RpcChannel rpc, ConnectOptions options, String peer) {
        long end = System.nanoTime() + options.connectTimeout().toNanos();
        if (endpoint instanceof Endpoint.Ssh ssh) {
            var opening = new Opening(peer);
            Program program = Program.ssh(ssh.command());
            var complaints = new Complaints(program);
            bridge.start(program, complaints, opening, channel -> carry(channel, rpc));
            opening.await(left(end));
            return () -> complaints.failure(opening);
        }
        dial(addresses(endpoint, peer), end, peer, using(endpoint, rpc, end));
        return Optional::empty;
    }

    /**
     * {@link #connect}, through a program that outlives this process: while there is a certain file, the other side sees
     * the connection open even when this process has been killed.
     *
     * @param held the file, which need not be there yet
     */
    public Supplier<Optional<HypervisorException>> connectHeld(
            Endpoint endpoint, Path held, RpcChannel rpc, ConnectOptions options, String peer) {
        long end = System.nanoTime() + options.connectTimeout().toNanos();
        Program program = Program.holding(endpoint, held);
        var complaints = new Complaints(program);
        var started = new Opening(peer);
        var opening = new Opening(peer);
        BiConsumer<Channel, Opening> use = using(endpoint, rpc, end);
        bridge.start(program, complaints, started, channel -> {
            use.accept(channel, opening);
            var ssl = channel.pipeline().context(SslHandler.class);
            if (ssl != null) {
                channel.pipeline().addAfter(ssl.name(), null, new WithoutFarewell());
            }
        });
        started.await(left(end));
        try {
            opening.await(left(end));
        } catch (HypervisorException e) {
            started.ready().thenAccept(Channel::close);
            // that TLS has not come about is told of a peer that is not there, too
            throw complaints.failure(opening).filter(why -> complaints.hasAny()).orElse(e);
        }
        return () -> complaints.failure(opening);
    }

    // what goes on a channel to that endpoint, and when calls can be made on it
    private BiConsumer<Channel, Opening> using(Endpoint endpoint, RpcChannel rpc, long end) {
        if (endpoint instanceof Endpoint.Tls tls) {
            SslContext context = TlsContexts.of(tls, settings);
            return (channel, opening) -> {
                SslHandler ssl = context.newHandler(channel.alloc(), tls.host(), tls.port());
                ssl.setHandshakeTimeout(left(end).toMillis(), TimeUnit.MILLISECONDS);
                channel.pipeline().addLast(ssl, new TlsAcceptance(opening));
                carry(channel, rpc);
            };
        }
        return (channel, opening) -> {
            carry(channel, rpc);
            opening.done(channel);
        };
    }

    private void dial(
            List<SocketAddress> addresses, long end, String peer, BiConsumer<Channel, Opening> whenConnected) {
        for (Iterator<SocketAddress> each = addresses.iterator(); each.hasNext(); ) {
            var opening = new Opening(peer);
            Channel channel = dial(each.next(), end, opening, connected -> whenConnected.accept(connected, opening));
            try {
                opening.await(left(end));
                return;
            } catch (HypervisorException e) {
                channel.close();
                if (!each.hasNext()
                        || e.failure().code() != FailureCode.NO_CONNECT
                        || left(end).isNegative()) {
                    throw e;
                }
            }
        }
    }

    private Channel dial(SocketAddress address, long end, Opening opening, Consumer<Channel> whenConnected) {
        var bootstrap = new Bootstrap()
                .group(loops)
                .channel(address instanceof UnixDomainSocketAddress ? NioDomainSocketChannel.class : DirectTcp.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        Math.max(1, left(end).toMillis()))
                .handler(new WhenConnected(whenConnected));
        if (address instanceof InetSocketAddress) {
            bootstrap.option(ChannelOption.TCP_NODELAY, true);
        }
        var connecting = bootstrap.connect(address);
        connecting.addListener(done -> {
            if (!done.isSuccess()) {
                opening.fail(
                        FailureCode.NO_CONNECT,
                        "cannot connect: " + done.cause().getMessage() + "; see whether libvirtd listens there");
            }
        });
        return connecting.channel();
    }

    private static Duration left(long end) {
        return Duration.ofNanos(end - System.nanoTime());
    }

    // the length counts itself
    private static void carry(Channel channel, RpcChannel rpc) {
        channel.pipeline().addLast(new LengthFieldBasedFrameDecoder(Limits.FRAME, 0, 4, -4, 4), rpc);
    }

    private static List<SocketAddress> addresses(Endpoint endpoint, String peer) {
        if (endpoint instanceof Endpoint.Unix unix) {
            return List.of(UnixDomainSocketAddress.of(unix.existing()));
        }
        if (endpoint instanceof Endpoint.Tls tls) {
            return addresses(tls.host(), tls.port(), peer);
        }
        var tcp = (Endpoint.Tcp) endpoint;
        return addresses(tcp.host(), tcp.port(), peer);
    }

    private static List<SocketAddress> addresses(String host, int port, String peer) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host))
                    .<SocketAddress>map(address -> new InetSocketAddress(address, port))
                    .toList();
        } catch (UnknownHostException e) {
            throw new HypervisorException(
                    FailureCode.NO_CONNECT, peer + ": cannot connect: the name " + host + " is not known here", e);
        }
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        processes.forEach(Process::destroyForcibly);
    }
}
