package dev.drover.driver.libvirt.auth;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Credentials in the files where libvirt's own client looks: {@code $LIBVIRT_AUTH_FILE}, else the one that the URI
 * names, else {@code ~/.config/libvirt/auth.conf}, else {@code /etc/libvirt/auth.conf}. Only the first of them is read.
 */
public final class AuthFiles implements Credentials {

    private static final Path SYSTEM = Path.of("/etc/libvirt/auth.conf");

    private final Map<String, String> environment;
    private final Path home;

    /** @param home of the user this process runs as */
    public AuthFiles(Map<String, String> environment, Path home) {
        this.environment = Map.copyOf(environment);
        this.home = home;
    }

    @Override
    public Optional<Credential> find(Login login) {
        return place(login).flatMap(file -> AuthFile.read(file).find(login.host(), login.user()));
    }

    private Optional<Path> place(Login login) {
        String named = environment.getOrDefault("LIBVIRT_AUTH_FILE", "");
        if (!named.isEmpty()) {
            return Optional.of(Path.of(named));
        }
        return login.authfile()
                .or(() ->
                        Stream.of(userFile(), SYSTEM).filter(Files::isReadable).findFirst());
    }

    private Path userFile() {
        String config = environment.getOrDefault("XDG_CONFIG_HOME", "");
        return (config.isEmpty() ? home.resolve(".config") : Path.of(config)).resolve("libvirt/auth.conf");
    }
}
