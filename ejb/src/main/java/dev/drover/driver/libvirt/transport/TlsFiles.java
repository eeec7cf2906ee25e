package dev.drover.driver.libvirt.transport;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The files of a TLS client, found where libvirt's own client finds them.
 *
 * @param authority certificates of the authorities that may vouch for a server
 * @param revoked their revocation list, when there is one
 * @param identity our certificate and key; absent where none is installed, which a server that trusts passwords accepts
 */
record TlsFiles(Path authority, Optional<Path> revoked, Optional<Identity> identity) {

    private static final Path SYSTEM = Path.of("/etc/pki");

    /** A certificate and its key. */
    record Identity(Path certificate, Path key) {}

    /**
     * Looks for them: in {@code pkipath} alone if given, where all must be; else in the user's {@code ~/.pki/libvirt}
     * and, for what that lacks, in {@code /etc/pki}. Root has no place of its own.
     *
     * @throws HypervisorException naming the file that is missing
     */
    static TlsFiles find(Optional<Path> pkipath, Settings settings, Predicate<Path> exists) {
        if (pkipath.isPresent()) {
            Path folder = pkipath.get();
            return new TlsFiles(
                    needed(folder.resolve("cacert.pem"), exists),
                    Optional.of(folder.resolve("cacrl.pem")).filter(exists),
                    Optional.of(new Identity(
                            needed(folder.resolve("clientcert.pem"), exists),
                            needed(folder.resolve("clientkey.pem"), exists))));
        }
        Path user = settings.home().resolve(".pki/libvirt");
        Predicate<Path> own = path -> !settings.root() && exists.test(path);
        Path authority = Optional.of(user.resolve("cacert.pem"))
                .filter(own)
                .orElseGet(() -> needed(SYSTEM.resolve("CA/cacert.pem"), exists));
        Optional<Path> revoked = Optional.of(user.resolve("cacrl.pem"))
                .filter(own)
                .or(() -> Optional.of(SYSTEM.resolve("CA/cacrl.pem")).filter(exists));
        var identity = new Identity(user.resolve("clientcert.pem"), user.resolve("clientkey.pem"));
        if (own.test(identity.certificate()) && own.test(identity.key())) {
            return new TlsFiles(authority, revoked, Optional.of(identity));
        }
        return new TlsFiles(authority, revoked, systemIdentity(exists));
    }

    private static Optional<Identity> systemIdentity(Predicate<Path> exists) {
        Path certificate = SYSTEM.resolve("libvirt/clientcert.pem");
        Path key = SYSTEM.resolve("libvirt/private/clientkey.pem");
        if (!exists.test(certificate) && !exists.test(key)) {
            return Optional.empty();
        }
        return Optional.of(new Identity(needed(certificate, exists), needed(key, exists)));
    }

    private static Path needed(Path file, Predicate<Path> exists) {
        if (!exists.test(file)) {
            throw new HypervisorException(
                    FailureCode.AUTHENTICATION_FAILED,
                    "TLS needs the file " + file + ", which is not there or cannot be read; put it there, or name "
                            + "another folder with the URI's parameter pkipath");
        }
        return file;
    }
}
