package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.driver.libvirt.auth.Credential;
import dev.drover.driver.libvirt.auth.Credentials;
import dev.drover.driver.libvirt.auth.ElytronProviders;
import dev.drover.driver.libvirt.auth.Secret;
import dev.drover.driver.libvirt.remote.Procedure;
import dev.drover.driver.libvirt.transport.Settings;
import dev.drover.driver.libvirt.wire.Header;
import dev.drover.driver.libvirt.wire.XdrReader;
import dev.drover.driver.libvirt.wire.XdrWriter;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.AuthorizeCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslException;
import javax.security.sasl.SaslServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logging in, against a server that does as SASL says and against such that do not. */
class AuthenticationTest {

    private static final String PASSWORD = "horse-battery-staple";
    private static final ConnectOptions OPTIONS =
            new ConnectOptions(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ZERO, 5);
    private static final Credentials RIGHT = of("drover", PASSWORD);

    private final List<Integer> asked = new CopyOnWriteArrayList<>();

    @Nullable
    private LibvirtDriver driver;

    @BeforeAll
    static void install() {
        ElytronProviders.install();
    }

    @AfterEach
    void close() {
        if (driver != null) {
            driver.close();
        }
    }

    private static Credentials of(String name, String password) {
        return login -> Optional.of(new Credential(name, new Secret(password.toCharArray())));
    }

    private HypervisorConnection open(FakeDaemon daemon, String query, Credentials credentials) {
        close();
        driver = new LibvirtDriver(Settings.ofThisMachine(), credentials, Optional.empty());
        return driver.open(daemon.uri("tcp", query), OPTIONS);
    }

    private HypervisorException refusal(FakeDaemon daemon, String query, Credentials credentials) {
        HypervisorException refused = assertThrows(HypervisorException.class, () -> open(daemon, query, credentials));
        assertEquals(FailureCode.AUTHENTICATION_FAILED, refused.failure().code());
        var trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace));
        assertFalse(trace.toString().contains("horse"), trace::toString);
        return refused;
    }

    /** What the server says to a client's message; the answer to the first one comes from the same. */
    @FunctionalInterface
    private interface Answers {
        XdrWriter to(byte[] message) throws IOException;
    }

    private FakeDaemon daemon(int scheme, String offered, Answers answers) throws IOException {
        return new FakeDaemon((call, args, socket) -> {
            asked.add(call.procedure());
            return switch (call.procedure()) {
                case Procedure.AUTH_LIST ->
                    say(socket, call, new XdrWriter().int32(1).int32(scheme));
                case Procedure.AUTH_SASL_INIT -> say(socket, call, new XdrWriter().string(offered));
                case Procedure.AUTH_SASL_START -> {
                    args.string();
                    yield say(socket, call, answers.to(message(args)));
                }
                case Procedure.AUTH_SASL_STEP -> say(socket, call, answers.to(message(args)));
                default -> false;
            };
        });
    }

    private static boolean say(Socket socket, Header call, XdrWriter body) throws IOException {
        FakeDaemon.reply(socket, call, body.bytes());
        return true;
    }

    private static byte[] message(XdrReader args) {
        args.int32();
        List<Integer> words = args.list(65536, XdrReader::int32);
        byte[] bytes = new byte[words.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = words.get(i).byteValue();
        }
        return bytes;
    }

    private static XdrWriter turn(boolean complete, byte @Nullable [] said) {
        var out = new XdrWriter().int32(complete ? 1 : 0).int32(said == null ? 1 : 0);
        out.int32(said == null ? 0 : said.length);
        for (byte each : said == null ? new byte[0] : said) {
            out.int32(each);
        }
        return out;
    }

    private static Answers scram() throws SaslException {
        SaslServer server = Sasl.createSaslServer(
                "SCRAM-SHA-256", "libvirt", "127.0.0.1", Map.of(), AuthenticationTest::knowTheUser);
        return message -> {
            byte[] said = server.evaluateResponse(message);
            return turn(server.isComplete(), said);
        };
    }

    private static void knowTheUser(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof PasswordCallback password) {
                password.setPassword(PASSWORD.toCharArray());
            } else if (callback instanceof AuthorizeCallback authorize) {
                authorize.setAuthorized(true);
            } else if (!(callback instanceof javax.security.auth.callback.NameCallback)) {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    @Test
    void scramProvesThePasswordWithoutSendingIt() throws IOException {
        try (FakeDaemon daemon = daemon(1, "PLAIN SCRAM-SHA-256", scram());
                HypervisorConnection connection = open(daemon, "", RIGHT)) {
            assertEquals("fake", connection.hostname());
            assertTrue(asked.contains(Procedure.AUTH_SASL_STEP));
        }
    }

    @Test
    void serverThatSaysItIsDoneWithoutProofIsNotBelieved() throws IOException {
        try (FakeDaemon daemon = daemon(1, "SCRAM-SHA-256", message -> turn(true, null))) {
            String said = refusal(daemon, "", RIGHT).failure().message();
            assertTrue(said.contains("SCRAM-SHA-256 as drover"), said);
            assertFalse(asked.contains(Procedure.CONNECT_OPEN));
        }
    }

    @Test
    void serverThatTalksNonsenseOrWithoutEndIsLeft() throws IOException {
        try (FakeDaemon daemon = daemon(1, "SCRAM-SHA-256", message -> turn(false, new byte[] {-1, 0, 1}))) {
            refusal(daemon, "", RIGHT);
        }
        try (FakeDaemon daemon = daemon(1, "SCRAM-SHA-256", message -> turn(false, null))) {
            refusal(daemon, "", RIGHT);
        }
        assertTrue(asked.size() < 30, asked::toString);
    }

    @Test
    void plainIsNotSpokenWhereOthersReadAlong() throws IOException {
        try (FakeDaemon daemon = daemon(1, "PLAIN", message -> turn(true, null))) {
            String said = refusal(daemon, "", RIGHT).failure().message();
            assertTrue(said.contains("+tls"), said);
            assertFalse(asked.contains(Procedure.AUTH_SASL_START), "the password has been sent");
        }
    }

    @Test
    void withoutCredentialsItIsSaidWhereTheyBelong() throws IOException {
        try (FakeDaemon daemon = daemon(1, "SCRAM-SHA-256", message -> turn(true, null))) {
            String said =
                    refusal(daemon, "", login -> Optional.empty()).failure().message();
            assertTrue(said.contains("[auth-libvirt-127.0.0.1]"), said);
        }
    }

    @ParameterizedTest
    @CsvSource({"2, '', polkit", "7, '', scheme 7", "0, ?auth=sasl, asks for SASL"})
    void whatCannotBeDoneIsNamed(int scheme, String query, String named) throws IOException {
        try (FakeDaemon daemon = daemon(scheme, "SCRAM-SHA-256", message -> turn(true, null))) {
            String said = refusal(daemon, query, RIGHT).failure().message();
            assertTrue(said.contains(named), said);
        }
    }

    @Test
    void wrongPasswordFailsOnBothSides() throws IOException {
        Answers server = scram();
        Answers strict = message -> {
            try {
                return server.to(message);
            } catch (SaslException e) {
                // libvirt would send its error; a server that goes on must not be believed either
                return turn(true, null);
            }
        };
        try (FakeDaemon daemon = daemon(1, "SCRAM-SHA-256", strict)) {
            refusal(daemon, "", of("drover", "horse-of-another-colour"));
        }
    }
}
