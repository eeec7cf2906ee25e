package dev.drover.driver.libvirt.auth;

import java.nio.file.Path;
import java.util.Optional;

/**
 * For what credentials are wanted.
 *
 * @param host as the connect URI names it; {@code localhost} for a UNIX socket
 * @param user the name that the URI insists on, if any
 * @param authfile a credentials file that the URI names, if any
 */
public record Login(String host, Optional<String> user, Optional<Path> authfile) {}
