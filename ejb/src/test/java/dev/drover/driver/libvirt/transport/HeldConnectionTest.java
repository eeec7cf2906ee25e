package dev.drover.driver.libvirt.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.driver.libvirt.rpc.RpcChannel;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that a program carries which outlives its client, to a peer that only listens. */
@Timeout(60)
class HeldConnectionTest {

    private static final int END_OF_FILE = -1;
    private static final int FAR_TOO_MUCH = 64 << 20;
    private static final ConnectOptions SILENT =
            new ConnectOptions(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ZERO, 0);

    private final CompletableFuture<Optional<Failure>> ended = new CompletableFuture<>();
    private final RpcChannel rpc = new RpcChannel("qemu+tcp://peer/system", SILENT, new RpcChannel.Listener() {
        @Override
        public void event(int procedure, XdrReader body) {
            throw new AssertionError("the peer says nothing");
        }

        @Override
        public void closed(Optional<Failure> cause) {
            ended.complete(cause);
        }
    });

    @TempDir
    Path folder;

    private Transport transport;
    private ServerSocket peer;
    private Path held;

    @BeforeEach
    void listen() throws IOException {
        transport = new Transport(Settings.ofThisMachine());
        peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        held = folder.resolve("it's held");
    }

    @AfterEach
    void close() throws IOException {
        Files.deleteIfExists(held);
        transport.close();
        peer.close();
    }

    private Socket connected() throws IOException {
        transport.connectHeld(
                new Endpoint.Tcp("127.0.0.1", peer.getLocalPort()), held, rpc, SILENT, "qemu+tcp://peer/system");
        return peer.accept();
    }

    @Test
    void whatIsSaidArrives() throws IOException {
        try (Socket client = connected()) {
            rpc.call(1, new byte[] {1, 2, 3, 4}, Duration.ZERO);
            byte[] frame = client.getInputStream().readNBytes(32);
            assertArrayEquals(new byte[] {0, 0, 0, 32}, java.util.Arrays.copyOf(frame, 4));
        }
    }

    @Test
    void withoutTheFileItEndsWithItsClient() throws IOException {
        try (Socket client = connected()) {
            rpc.close();
            assertEquals(END_OF_FILE, client.getInputStream().read());
        }
    }

    @Test
    void withTheFileItStaysUntilThatIsGone() throws Exception {
        try (Socket client = connected()) {
            Files.createFile(held);
            rpc.close();
            awaitProgram("sleep");
            programs().forEach(ProcessHandle::destroy);
            // more than the sockets on the way can hold: somebody reads on, though nobody listens
            client.getOutputStream().write(new byte[FAR_TOO_MUCH]);
            client.setSoTimeout(1);
            assertThrows(
                    SocketTimeoutException.class, () -> client.getInputStream().read());

            Files.delete(held);
            client.setSoTimeout(0);
            assertEquals(END_OF_FILE, client.getInputStream().read());
        }
    }

    @Test
    void itsClientHearsThatThePeerHasHungUp() throws Exception {
        connected().close();
        Optional<Failure> why = ended.get(30, TimeUnit.SECONDS);
        assertEquals(Optional.of(FailureCode.RPC_ERROR), why.map(Failure::code));
    }

    @Test
    void peerThatIsNotThereIsSaidSo() throws Exception {
        int port = peer.getLocalPort();
        peer.close();
        HypervisorException why = refused(port);
        assertEquals(FailureCode.NO_CONNECT, why.failure().code());
        assertTrue(why.failure().message().contains("Connection refused"), why::getMessage);
        assertTrue(why.failure().message().endsWith("see whether libvirtd listens there"), why::getMessage);
    }

    // the carrier may be heard of before it has ended, or only afterwards
    private HypervisorException refused(int port) throws Exception {
        try {
            var explanation = transport.connectHeld(
                    new Endpoint.Tcp("127.0.0.1", port), held, rpc, SILENT, "qemu+tcp://peer/system");
            ended.get(30, TimeUnit.SECONDS);
            return explanation.get().orElseThrow();
        } catch (HypervisorException e) {
            return e;
        }
    }

    @Test
    void peerThatIsNotThereIsSaidSoUnderTlsToo() throws Exception {
        int port = peer.getLocalPort();
        peer.close();
        new TestPki("test").client(folder);
        HypervisorException why = assertThrows(
                HypervisorException.class,
                () -> transport.connectHeld(tls(port), held, rpc, SILENT, "qemu+tls://peer/system"));
        assertEquals(FailureCode.NO_CONNECT, why.failure().code(), why::getMessage);
        assertTrue(why.failure().message().contains("Connection refused"), why::getMessage);
    }

    @Test
    void tlsDoesNotSayFarewell() throws Exception {
        TestPki pki = new TestPki("test");
        pki.client(folder);
        try (ServerSocket secure = pki.server("IP:127.0.0.1")
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Socket> accepted = CompletableFuture.supplyAsync(() -> accepted(secure));
            transport.connectHeld(tls(secure.getLocalPort()), held, rpc, SILENT, "qemu+tls://peer/system");
            try (Socket client = accepted.get(30, TimeUnit.SECONDS)) {
                Files.createFile(held);
                rpc.close();
                awaitProgram("sleep");
                client.setSoTimeout(500);
                assertThrows(SocketTimeoutException.class, () -> client.getInputStream()
                        .read());
            }
        }
    }

    private Endpoint tls(int port) {
        return new Endpoint.Tls("127.0.0.1", port, Optional.of(folder), true);
    }

    // as libvirtd does once it trusts its client
    private static Socket accepted(ServerSocket secure) {
        try {
            Socket client = secure.accept();
            client.getOutputStream().write(1);
            return client;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<ProcessHandle> programs() {
        return ProcessHandle.current().descendants();
    }

    private static void awaitProgram(String name) throws InterruptedException {
        while (programs().noneMatch(each -> each.info()
                .command()
                .filter(path -> path.endsWith(name))
                .isPresent())) {
            Thread.sleep(10);
        }
    }
}
