package dev.drover.driver.libvirt.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.drover.driver.libvirt.wire.Header;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.driver.libvirt.wire.XdrWriter;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.model.Failure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Frames from many threads over a real socket that is full most of the time. */
@Timeout(60)
class OutletTest {

    private static final int CALLERS = 4;
    private static final int CALLS = 300;
    private static final int PROCEDURE = 7;

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final RpcChannel rpc = new RpcChannel(
            "qemu+tcp://test/system",
            new ConnectOptions(Duration.ofSeconds(5), Duration.ZERO, Duration.ZERO, 0),
            new RpcChannel.Listener() {
                @Override
                public void event(int procedure, XdrReader body) {}

                @Override
                public void closed(Optional<Failure> cause) {}
            });
    private ServerSocket server;
    private Socket peer;

    @BeforeEach
    void connect() throws IOException {
        server = new ServerSocket();
        server.setReceiveBufferSize(4096);
        server.bind(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        new Bootstrap()
                .group(loops)
                .channel(DirectTcp.class)
                .option(ChannelOption.SO_SNDBUF, 4096)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new LengthFieldBasedFrameDecoder(1 << 20, 0, 4, -4, 4), rpc);
                    }
                })
                .connect(server.getLocalSocketAddress())
                .syncUninterruptibly();
        peer = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        peer.close();
        server.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void framesOfManyThreadsArriveWholeAndInEachThreadsOrder() throws Exception {
        List<CompletableFuture<XdrReader>> answers = new ArrayList<>();
        var gate = new CountDownLatch(1);
        List<Thread> callers = IntStream.range(0, CALLERS)
                .mapToObj(caller -> new Thread(() -> {
                    for (int call = 0; call < CALLS; call++) {
                        var answer = rpc.call(PROCEDURE, body(caller, call), Duration.ZERO);
                        synchronized (answers) {
                            answers.add(answer);
                        }
                    }
                    gate.countDown();
                }))
                .toList();
        callers.forEach(Thread::start);
        // until one caller is done nothing is read: the socket is full by then
        gate.await();
        echo(CALLERS * CALLS);
        for (Thread caller : callers) {
            caller.join();
        }
        for (var answer : answers) {
            answer.join();
        }
        assertEquals(CALLERS * CALLS, answers.size());
    }

    @Test
    void callsFailWhenThePeerHangsUp() throws Exception {
        var call = rpc.call(PROCEDURE, body(0, 0), Duration.ZERO);
        peer.close();
        assertThrows(CompletionException.class, call::join);
        // by now or a moment later the socket is known to be closed; no call may be left waiting either way
        for (int i = 0; i < 100; i++) {
            assertThrows(CompletionException.class, rpc.call(PROCEDURE, body(0, 0), Duration.ZERO)::join);
        }
    }

    // sizes around what the socket takes at once, and some that are never written directly
    private static byte[] body(int caller, int call) {
        int size = call % 50 == 49 ? 70_000 : 100 + call * 37 % 9000;
        byte[] filling = new byte[size];
        java.util.Arrays.fill(filling, (byte) (caller * 31 + call));
        return new XdrWriter().int32(caller).int32(call).opaque(filling).bytes();
    }

    private void echo(int frames) throws IOException {
        var in = new DataInputStream(peer.getInputStream());
        var out = new DataOutputStream(peer.getOutputStream());
        int[] next = new int[CALLERS];
        for (int i = 0; i < frames; i++) {
            byte[] frame = new byte[in.readInt() - 4];
            in.readFully(frame);
            var reader = new XdrReader(frame);
            Header header = Header.read(reader);
            int caller = reader.int32();
            int call = reader.int32();
            assertEquals(next[caller]++, call);
            byte[] expected = body(caller, call);
            byte[] came = java.util.Arrays.copyOfRange(frame, Header.SIZE, frame.length);
            org.junit.jupiter.api.Assertions.assertArrayEquals(expected, came);
            out.write(
                    new Header(Header.REMOTE_PROGRAM, Header.VERSION, PROCEDURE, Header.TYPE_REPLY, header.serial(), 0)
                            .frame(new byte[0]));
        }
    }
}
