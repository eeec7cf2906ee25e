package dev.drover.driver.libvirt.transport;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads the parameters of one connect URI and refuses, by name, what does not fit. */
final class UriParameters {

    // what could mean something to ssh's own option parser or to a shell has no place in a path or a name
    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._/@:+,=~-]*");
    private static final Pattern COMMAND = Pattern.compile("[A-Za-z0-9_/][A-Za-z0-9._/+-]*");

    private final ConnectUri uri;
    private final Settings settings;

    UriParameters(ConnectUri uri, Settings settings) {
        this.uri = uri;
        this.settings = settings;
    }

    void refuseAllBut(Collection<String> known, String transport) {
        for (String name : uri.parameters().keySet()) {
            if (!known.contains(name)) {
                throw refused("parameter '" + name + "' is unknown for transport " + transport + "; known: "
                        + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    Optional<String> text(String name) {
        Optional<String> value = Optional.ofNullable(uri.parameters().get(name));
        if (value.filter(String::isEmpty).isPresent()) {
            throw refused("parameter '" + name + "' is empty; give it a value or leave it out");
        }
        return value;
    }

    Optional<Path> path(String name) {
        return text(name).map(value -> {
            if (!PATH.matcher(value).matches()) {
                throw refused("parameter '" + name
                        + "' must be an absolute path of letters, digits and ._/@:+,=~- (the value has others)");
            }
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw refused("parameter '" + name + "' is no path");
            }
        });
    }

    Optional<String> command(String name) {
        return text(name).map(value -> {
            if (!COMMAND.matcher(value).matches()) {
                throw refused(
                        "parameter '" + name
                                + "' must be the name or path of a program, of letters, digits and ._/+- (the value has others)");
            }
            return value;
        });
    }

    Optional<String> choice(String name, Set<String> values) {
        return text(name).map(value -> {
            if (!values.contains(value)) {
                throw refused(
                        "parameter '" + name + "' must be one of " + new TreeSet<>(values) + ", not '" + value + "'");
            }
            return value;
        });
    }

    /** As libvirt reads them: a number, true unless 0; absent is false. */
    boolean flag(String name) {
        return text(name)
                .map(value -> {
                    if (!value.matches("[0-9]{1,9}")) {
                        throw refused("parameter '" + name + "' must be 0 or 1, not '" + value + "'");
                    }
                    return Integer.parseInt(value) != 0;
                })
                .orElse(false);
    }

    /** Refuses what {@code parameter} asks for unless the machine's administrator has allowed it. */
    void needsPermission(String parameter, String permission) {
        if (!settings.allowed().contains(permission)) {
            throw new HypervisorException(
                    FailureCode.OPERATION_DENIED,
                    "uri '" + uri + "': parameter '" + parameter
                            + "' is not allowed here; leave it out, or let the server's " + "administrator set "
                            + Settings.ALLOW_PROPERTY + "=" + permission);
        }
    }

    HypervisorException refused(String why) {
        return new HypervisorException(FailureCode.INVALID_ARGUMENT, "uri '" + uri + "': " + why);
    }
}
