package dev.drover.driver.libvirt.transport;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this machine gives to connections.
 *
 * @param allowed URI parameters that weaken security and are refused unless they stand here: {@code no_verify} (also
 *     stands for {@code known_hosts_verify=auto} and {@code =ignore}) and {@code command}
 * @param home of the user this process runs as
 * @param runtime where that user's sockets are
 * @param root whether that user is root, for whom libvirt looks in the system's places only
 * @param environment this process's environment variables
 */
public record Settings(Set<String> allowed, Path home, Path runtime, boolean root, Map<String, String> environment) {

    /** Name of the system property that lists what is allowed, separated by commas. */
    public static final String ALLOW_PROPERTY = "drover.libvirt.allow";

    /** Name of the environment variable for the same, read when the property is not set. */
    public static final String ALLOW_VARIABLE = "DROVER_LIBVIRT_ALLOW";

    public Settings {
        allowed = Set.copyOf(allowed);
        environment = Map.copyOf(environment);
    }

    /** Those of this process. */
    public static Settings ofThisMachine() {
        Map<String, String> environment = System.getenv();
        String allow = Optional.ofNullable(System.getProperty(ALLOW_PROPERTY))
                .orElse(environment.getOrDefault(ALLOW_VARIABLE, ""));
        Path home = Path.of(System.getProperty("user.home"));
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        return new Settings(
                Arrays.stream(allow.split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()),
                home,
                runtime.isEmpty() ? home.resolve(".cache") : Path.of(runtime),
                System.getProperty("user.name").equals("root"),
                environment);
    }
}
