package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.driver.libvirt.transport.Settings;
import dev.drover.driver.libvirt.transport.TestPki;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS from the client's side: whom it trusts, what it shows, and what it says when one side does not trust the other. */
class TlsTest {

    private static final ConnectOptions OPTIONS =
            new ConnectOptions(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ZERO, 5);
    private static final byte[] ACCEPTED = {1};

    private final LibvirtDriver driver = new LibvirtDriver();
    private final TestPki pki = new TestPki("test");

    @TempDir
    private Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        pki.client(folder);
    }

    @AfterEach
    void close() {
        driver.close();
    }

    /** A daemon that says {@code greeting} after the handshake and then, if that is the right one, works. */
    private FakeDaemon daemon(TestPki.Server server, byte[] greeting) throws IOException {
        var listener = (SSLServerSocket)
                server.context().getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(true);
        return new FakeDaemon(listener, (call, args, socket) -> false) {
            @Override
            void greet(Socket socket) throws IOException {
                ((SSLSocket) socket).startHandshake();
                write(socket, greeting);
                if (greeting.length == 0) {
                    socket.close();
                }
            }
        };
    }

    private void works(LibvirtDriver client, TestPki.Server server) throws IOException {
        try (FakeDaemon daemon = daemon(server, ACCEPTED);
                HypervisorConnection connection = client.open(daemon.uri("tls", "?pkipath=" + folder), OPTIONS)) {
            assertEquals("fake", connection.hostname());
        }
    }

    private Failure refusal(TestPki.Server server, byte[] greeting) throws IOException {
        try (FakeDaemon daemon = daemon(server, greeting)) {
            Failure refused = assertThrows(
                            HypervisorException.class,
                            () -> driver.open(daemon.uri("tls", "?pkipath=" + folder), OPTIONS))
                    .failure();
            assertEquals(FailureCode.AUTHENTICATION_FAILED, refused.code(), refused::message);
            assertTrue(refused.message().startsWith("qemu+tls://127.0.0.1"), refused::message);
            return refused;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void keysInTheFormsThatGnuTlsWritesAreRead(String algorithm) throws IOException {
        pki.client(folder, algorithm);
        String key = Files.readString(folder.resolve("clientkey.pem"));
        assertTrue(key.startsWith("-----BEGIN " + algorithm + " PRIVATE KEY-----"), "the test's own file");
        // certtool writes the numbers in words before it
        Files.writeString(folder.resolve("clientkey.pem"), "Public Key Info:\n\tPublic Key Algorithm: x\n\n" + key);
        works(driver, pki.server("IP:127.0.0.1"));
    }

    @Test
    void serverUnderAnotherNameIsRefused() throws IOException {
        String said =
                refusal(pki.server("IP:127.0.0.9", "DNS:elsewhere"), ACCEPTED).message();
        assertTrue(said.contains("not to be trusted") && said.contains("127.0.0.1"), said);
    }

    @Test
    void serverOfAnotherAuthorityIsRefused() throws IOException {
        String said =
                refusal(new TestPki("other").server("IP:127.0.0.1"), ACCEPTED).message();
        assertTrue(said.contains("certification path"), said);
    }

    @Test
    void revokedServerIsRefusedAndOthersAreNot() throws IOException {
        TestPki.Server server = pki.server("IP:127.0.0.1");
        pki.revoke(folder);
        works(driver, server);
        pki.revoke(folder, server.certificate());
        assertTrue(refusal(server, ACCEPTED).message().contains("revoked"));
    }

    @Test
    void administratorMayAllowAServerThatIsNotVerified() throws IOException {
        var lax = new LibvirtDriver(new Settings(Set.of("no_verify"), folder, folder, true, Map.of()));
        try (FakeDaemon daemon = daemon(new TestPki("other").server("DNS:elsewhere"), ACCEPTED)) {
            // the server does not know our authority either: its own refusal shows that ours was not the reason
            String said = assertThrows(
                            HypervisorException.class,
                            () -> lax.open(daemon.uri("tls", "?no_verify=1&pkipath=" + folder), OPTIONS))
                    .failure()
                    .message();
            assertTrue(said.contains("refused our side") || said.contains("does not accept our certificate"), said);
        } finally {
            lax.close();
        }
    }

    @Test
    void serverThatClosesInsteadOfAcceptingHasRefusedOurCertificate() throws IOException {
        assertTrue(
                refusal(pki.server("IP:127.0.0.1"), new byte[0]).message().contains("does not accept our certificate"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "HTTP/1.1 400 Bad Request\r\n"})
    void serverThatSaysSomethingElseIsNoLibvirt(String greeting) throws IOException {
        assertTrue(refusal(pki.server("IP:127.0.0.1"), greeting.getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .message()
                .contains("instead of 1"));
    }

    @Test
    void clientOfAnotherAuthorityIsRefusedByTheServer() throws IOException {
        Path ca = folder.resolve("cacert.pem");
        byte[] right = Files.readAllBytes(ca);
        new TestPki("other").client(folder);
        Files.write(ca, right);
        String said = refusal(pki.server("IP:127.0.0.1"), ACCEPTED).message();
        assertTrue(said.contains("refused our side") || said.contains("does not accept our certificate"), said);
    }

    @Test
    void fileThatHoldsSomethingElseIsNamedAndNotQuoted() throws IOException {
        for (String name : new String[] {"cacert.pem", "clientcert.pem", "clientkey.pem"}) {
            pki.client(folder);
            Files.writeString(folder.resolve(name), "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0LXdvcmQ=\n");
            try (FakeDaemon daemon = daemon(pki.server("IP:127.0.0.1"), ACCEPTED)) {
                Failure refused = assertThrows(
                                HypervisorException.class,
                                () -> driver.open(daemon.uri("tls", "?pkipath=" + folder), OPTIONS))
                        .failure();
                assertEquals(FailureCode.AUTHENTICATION_FAILED, refused.code());
                assertTrue(refused.message().contains(name), refused::message);
                assertTrue(!refused.message().contains("c2VjcmV0"), refused::message);
            }
        }
    }
}
