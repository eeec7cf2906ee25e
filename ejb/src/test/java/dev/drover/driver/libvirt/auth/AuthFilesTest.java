package dev.drover.driver.libvirt.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthFilesTest {

    private static final String PASSWORD = "horse-battery-staple";
    private static final String FILE =
            """
            # who we are
            [credentials-prod]
            authname = drover
            password = %s

            [credentials-other]
            authname=guest
            password=guest

            [auth-libvirt-h1]
            credentials=prod
            [auth-esx-h2]
            credentials=prod
            [auth-libvirt-default]
            credentials=other
            """
                    .formatted(PASSWORD);

    @TempDir
    private Path home;

    private Optional<Credential> find(Map<String, String> environment, String host, String user, String authfile) {
        return new AuthFiles(environment, home)
                .find(new Login(
                        host,
                        Optional.of(user).filter(name -> !name.isEmpty()),
                        Optional.of(authfile).filter(name -> !name.isEmpty()).map(Path::of)));
    }

    private Path write(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    @Test
    void hostsOwnGroupComesBeforeTheDefault() throws IOException {
        write(".config/libvirt/auth.conf", FILE);
        Credential own = find(Map.of(), "h1", "", "").orElseThrow();
        assertEquals("drover", own.authname());
        assertEquals(PASSWORD, new String(own.password().characters()));
        assertEquals("guest", find(Map.of(), "h2", "", "").orElseThrow().authname());
    }

    @Test
    void userOfTheUriMustBeTheOneInTheFile() throws IOException {
        write(".config/libvirt/auth.conf", FILE);
        assertTrue(find(Map.of(), "h1", "drover", "").isPresent());
        assertTrue(find(Map.of(), "h1", "root", "").isEmpty());
    }

    @Test
    void environmentComesBeforeTheUriAndTheUriBeforeTheUsersFile() throws IOException {
        write(".config/libvirt/auth.conf", FILE);
        String uris = write("uri.conf", FILE.replace("drover", "by-uri")).toString();
        String environments =
                write("env.conf", FILE.replace("drover", "by-env")).toString();
        assertEquals("by-uri", find(Map.of(), "h1", "", uris).orElseThrow().authname());
        assertEquals(
                "by-env",
                find(Map.of("LIBVIRT_AUTH_FILE", environments), "h1", "", uris)
                        .orElseThrow()
                        .authname());
        write("conf/libvirt/auth.conf", FILE.replace("drover", "by-xdg"));
        String config = home.resolve("conf").toString();
        assertEquals(
                "by-xdg",
                find(Map.of("XDG_CONFIG_HOME", config), "h1", "", "")
                        .orElseThrow()
                        .authname());
    }

    @Test
    void credentialWithoutAnEntryIsAbsent() throws IOException {
        String file =
                write("a.conf", FILE.replace("libvirt-default", "ssh-default")).toString();
        assertTrue(find(Map.of(), "h9", "", file).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[auth-libvirt-h1]\ncredentials=none\n",
                "[auth-libvirt-h1]\n",
                "stray=" + PASSWORD,
                PASSWORD,
                "[credentials-a]\npassword=" + PASSWORD + "\n[auth-libvirt-h1]\ncredentials=a\n"
            })
    void malformedFileIsNamedAndNotQuoted(String text) throws IOException {
        notQuoted(write("bad.conf", text));
    }

    @Test
    void fileThatIsNoTextOrNotThereIsNamedAndNotQuoted() throws IOException {
        Path file = home.resolve("bytes.conf");
        Files.write(file, (PASSWORD + "\u00ff").getBytes(StandardCharsets.ISO_8859_1));
        notQuoted(file);
        notQuoted(home.resolve("absent.conf"));
    }

    private void notQuoted(Path file) {
        var refused = assertThrows(HypervisorException.class, () -> find(Map.of(), "h1", "", file.toString()));
        assertEquals(FailureCode.AUTHENTICATION_FAILED, refused.failure().code());
        assertTrue(refused.failure().message().contains(file.toString()), refused.failure()::message);
        var trace = new StringWriter();
        refused.printStackTrace(new PrintWriter(trace));
        assertFalse(trace.toString().contains("horse"), trace::toString);
    }
}
