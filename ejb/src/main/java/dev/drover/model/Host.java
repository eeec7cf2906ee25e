package dev.drover.model;

import java.util.regex.Pattern;

/**
 * A host by the name its operators gave it and the URI where its hypervisor is reached.
 *
 * @param name letters, digits, dots, dashes and underscores, at most 64; unique in the fleet
 */
public record Host(String name, ConnectUri uri) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** @throws FailureException {@link FailureCode#INVALID_ARGUMENT} for a name that is none */
    public Host {
        if (!NAME.matcher(name).matches()) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT,
                    "name: a host's name is 1 to 64 letters, digits, '.', '_' or '-', and begins with a letter or digit");
        }
    }
}
