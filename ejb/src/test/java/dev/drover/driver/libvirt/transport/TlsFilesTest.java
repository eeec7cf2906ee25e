package dev.drover.driver.libvirt.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TlsFilesTest {

    private static final String CA = "/etc/pki/CA/cacert.pem";
    private static final String CERTIFICATE = "/etc/pki/libvirt/clientcert.pem";
    private static final String KEY = "/etc/pki/libvirt/private/clientkey.pem";
    private static final String USER = "/home/u/.pki/libvirt/";

    private static TlsFiles find(String pkipath, boolean root, String... present) {
        Set<Path> files = Stream.of(present).map(Path::of).collect(Collectors.toSet());
        var settings = new Settings(Set.of(), Path.of("/home/u"), Path.of("/run/u"), root, Map.of());
        return TlsFiles.find(Optional.of(pkipath).filter(p -> !p.isEmpty()).map(Path::of), settings, files::contains);
    }

    private static void lacks(String missing, String pkipath, String... present) {
        var refused = assertThrows(HypervisorException.class, () -> find(pkipath, false, present));
        assertEquals(FailureCode.AUTHENTICATION_FAILED, refused.failure().code());
        assertTrue(refused.failure().message().contains(missing), refused.failure()::message);
    }

    @Test
    void namedFolderMustHaveAll() {
        TlsFiles files = find("/p", false, "/p/cacert.pem", "/p/clientcert.pem", "/p/clientkey.pem", "/p/cacrl.pem");
        assertEquals(Path.of("/p/cacert.pem"), files.authority());
        assertEquals(Optional.of(Path.of("/p/cacrl.pem")), files.revoked());
        assertEquals(
                Optional.of(new TlsFiles.Identity(Path.of("/p/clientcert.pem"), Path.of("/p/clientkey.pem"))),
                files.identity());
        lacks("/p/cacert.pem", "/p", CA, CERTIFICATE, KEY);
        lacks("/p/clientcert.pem", "/p", "/p/cacert.pem", "/p/clientkey.pem");
        lacks("/p/clientkey.pem", "/p", "/p/cacert.pem", "/p/clientcert.pem");
    }

    @Test
    void usersOwnComeBeforeTheSystems() {
        TlsFiles files = find("", false, USER + "cacert.pem", USER + "clientcert.pem", USER + "clientkey.pem", CA);
        assertEquals(Path.of(USER + "cacert.pem"), files.authority());
        assertEquals(
                Path.of(USER + "clientkey.pem"), files.identity().orElseThrow().key());
    }

    @Test
    void certificateAndKeyAreAPair() {
        TlsFiles files = find("", false, USER + "clientcert.pem", CA, CERTIFICATE, KEY);
        assertEquals(Path.of(CERTIFICATE), files.identity().orElseThrow().certificate());
        lacks(KEY, "", CA, CERTIFICATE);
    }

    @Test
    void rootHasTheSystemsOnly() {
        TlsFiles files = find("", true, USER + "cacert.pem", USER + "clientcert.pem", USER + "clientkey.pem", CA);
        assertEquals(Path.of(CA), files.authority());
        assertEquals(Optional.empty(), files.identity());
    }

    @Test
    void authorityIsAlwaysNeeded() {
        lacks(CA, "", CERTIFICATE, KEY);
    }
}
