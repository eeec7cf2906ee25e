package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.driver.libvirt.auth.ElytronProviders;
import dev.drover.driver.libvirt.transport.TestPki;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.lab.Lab;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each transport and each way to log in, against real daemons: what works, and what is said when it does not. */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransportsIT {

    private static final ConnectOptions PATIENT =
            new ConnectOptions(Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofSeconds(5), 5);

    private final LibvirtDriver driver = new LibvirtDriver();
    private Lab lab;

    @TempDir
    private Path folder;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        ElytronProviders.install();
        lab = Lab.up(2);
        lab.sshd("h1");
        lab.auth("h2", "tls", "sasl");
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        lab.clear();
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        driver.close();
        lab.close();
    }

    private HypervisorConnection open(ConnectUri uri) {
        return driver.open(uri, PATIENT);
    }

    private Failure refusal(ConnectUri uri) {
        return assertThrows(HypervisorException.class, () -> open(uri)).failure();
    }

    /** Opens, lists, pings and moves a guest to {@code destination} and sees it there. */
    private void works(ConnectUri source, ConnectUri destination, String name) throws Exception {
        lab.start("h1", name);
        try (HypervisorConnection from = open(source);
                HypervisorConnection to = open(destination)) {
            from.ping();
            Domain guest = from.findDomain(name).orElseThrow();
            assertEquals(List.of(guest), from.domains());
            Domain moved = from.migrate(guest.uuid(), to, Set.of(MigrateFlag.LIVE), null, null, MigrateParams.none());
            assertTrue(moved.status().isRunning());
            assertEquals(List.of(moved), to.domains());
            assertTrue(from.domains().isEmpty());
        }
    }

    @Test
    void guestMovesFromTcpToTcp() throws Exception {
        works(ConnectUri.parse(Lab.uri("h1")), ConnectUri.parse(Lab.uri("h2")), "tcp");
    }

    @Test
    void guestMovesFromUnixToTcp() throws Exception {
        works(Transports.unix(lab, "h1"), ConnectUri.parse(Lab.uri("h2")), "unix");
    }

    @Test
    void guestMovesFromSshToTcp() throws Exception {
        works(Transports.ssh(lab, "h1", ""), ConnectUri.parse(Lab.uri("h2")), "ssh");
    }

    @Test
    void guestMovesFromTlsToTlsWithScram() throws Exception {
        works(Transports.tls(lab, "h1", ""), Transports.tls(lab, "h2", "&authfile=" + lab.authFile()), "scram");
    }

    @Test
    void guestMovesFromTlsToTlsWithPlain() throws Exception {
        works(
                Transports.tls(lab, "h1", ""),
                Transports.tls(lab, "h2", "&auth=sasl.PLAIN&authfile=" + lab.authFile()),
                "plain");
    }

    @Test
    void sshReachesTheDaemonByNetcatToo() {
        for (String proxy :
                List.of("&proxy=netcat", "&netcat=nc", "&socket=/run/libvirt/libvirt-sock", "&proxy=native")) {
            try (HypervisorConnection connection = open(Transports.ssh(lab, "h1", proxy))) {
                assertEquals("h1.lab", connection.hostname(), proxy);
            }
        }
    }

    @Test
    void sshEndsWithItsConnectionAndNotBefore() throws Exception {
        HypervisorConnection connection = open(Transports.ssh(lab, "h1", ""));
        List<ProcessHandle> children = ProcessHandle.current().children().toList();
        assertEquals(1, children.size(), children::toString);
        connection.ping();
        connection.close();
        children.get(0).onExit().get(10, java.util.concurrent.TimeUnit.SECONDS);
        assertFalse(connection.isOpen());
    }

    @Test
    void sshWithoutTheRightKeyOrHostKeySaysSo() throws IOException {
        Path empty = Files.createFile(folder.resolve("known_hosts"));
        Failure stranger = refusal(ConnectUri.parse(
                "qemu+ssh://root@" + Lab.address("h1") + "/system?keyfile=" + lab.sshKey() + "&known_hosts=" + empty));
        assertEquals(FailureCode.AUTHENTICATION_FAILED, stranger.code(), stranger::message);
        assertTrue(stranger.message().contains("Host key verification failed"), stranger::message);

        Path wrong = folder.resolve("no-key");
        Failure denied = refusal(ConnectUri.parse("qemu+ssh://nobody@" + Lab.address("h1") + "/system?keyfile=" + wrong
                + "&known_hosts=" + lab.knownHosts()));
        assertEquals(FailureCode.AUTHENTICATION_FAILED, denied.code(), denied::message);
        assertTrue(denied.message().contains("Permission denied"), denied::message);
    }

    @Test
    void wrongPasswordIsRefusedWithoutShowingIt() throws IOException {
        Path file = Files.createFile(
                folder.resolve("auth.conf"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file,
                "[credentials-x]\nauthname=lab\npassword=quite-wrong-word\n[auth-libvirt-default]\ncredentials=x\n");
        for (String auth : List.of("", "&auth=sasl.PLAIN", "&auth=sasl.SCRAM-SHA-256")) {
            Failure refused = refusal(Transports.tls(lab, "h2", "&authfile=" + file + auth));
            assertEquals(FailureCode.AUTHENTICATION_FAILED, refused.code(), refused::message);
            assertTrue(refused.message().contains("the server refuses lab by"), refused::message);
            assertFalse(refused.message().contains("quite-wrong-word"), refused::message);
        }
    }

    @Test
    void libvirtItselfOffersNoPasswordMechanismOverPlainTcp() throws Exception {
        lab.auth("h1", "tcp", "sasl");
        try {
            Failure refused = refusal(ConnectUri.parse(Lab.uri("h1") + "?authfile=" + lab.authFile()));
            assertEquals(FailureCode.AUTHENTICATION_FAILED, refused.code(), refused::message);
            assertTrue(refused.message().contains("+tls"), refused::message);
        } finally {
            lab.auth("h1", "tcp", "none");
        }
    }

    @Test
    void certificateThatTheServerDoesNotKnowIsRefusedClearly() throws Exception {
        new TestPki("strangers").client(folder);
        Files.copy(lab.pki().resolve("cacert.pem"), folder.resolve("cacert.pem"), StandardCopyOption.REPLACE_EXISTING);
        Failure refused = refusal(ConnectUri.parse("qemu+tls://" + Lab.address("h1") + "/system?pkipath=" + folder));
        assertEquals(FailureCode.AUTHENTICATION_FAILED, refused.code(), refused::message);
    }
}
