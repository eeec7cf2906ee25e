package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.transport.Settings;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How copies on one host are held whatever becomes of this process: a file for each, in a folder that outlives it. While
 * there is one, the connection that had the copy made stays open, by a process of its own
 * (src/docs/adr/0013-held-copies.md). Safe for use by many threads.
 */
final class Holding {

    private final Path folder;
    private final String host;
    private final Function<Path, LibvirtConnection> opening;

    /**
     * @param uri of the host, under which it is known after a restart as well
     * @param opening opens a connection to it that lasts as long as the file is there
     */
    Holding(Path folder, ConnectUri uri, Function<Path, LibvirtConnection> opening) {
        // the program that looks there need not stand where this process does
        this.folder = folder.toAbsolutePath();
        this.host = UUID.nameUUIDFromBytes(uri.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
        this.opening = opening;
    }

    /** In the server's own data; outside a server where the user's sockets are. */
    static Path folder(Settings settings) {
        String data = System.getProperty("jboss.server.data.dir");
        Path place = data == null ? settings.runtime() : Path.of(data);
        return place.resolve("drover").resolve("held");
    }

    private Path file(UUID domain) {
        return folder.resolve(domain + "." + host);
    }

    /** Opens a connection for having that domain's copy made there; nothing is held yet. */
    HeldCopy open(UUID domain) {
        return new HeldCopy(this, domain, opening.apply(file(domain)));
    }

    boolean has(UUID domain) {
        return Files.exists(file(domain));
    }

    /** Whether a copy of the domain is held on any host. */
    boolean hasAnywhere(UUID domain) {
        if (!Files.exists(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(each -> each.getFileName().toString().startsWith(domain + "."));
        } catch (IOException e) {
            throw failed("cannot be read", folder, e);
        }
    }

    /**
     * Holds it from now on.
     *
     * @return false when it was held already
     * @throws HypervisorException {@code INTERNAL} when the file cannot be written: then nothing is held
     */
    boolean take(UUID domain) {
        try {
            Files.createDirectories(folder);
            Files.createFile(file(domain));
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw failed("cannot be written, and its copy not be held", file(domain), e);
        }
    }

    /**
     * Harmless when nothing is held.
     *
     * @throws HypervisorException {@code INTERNAL} when the file cannot be removed: then it is held on
     */
    void letGo(UUID domain) {
        try {
            Files.deleteIfExists(file(domain));
        } catch (IOException e) {
            throw failed("cannot be removed, and its copy is held on", file(domain), e);
        }
    }

    private static HypervisorException failed(String what, Path file, IOException why) {
        return new HypervisorException(FailureCode.INTERNAL, file + " " + what + ": " + why.getMessage(), why);
    }
}
