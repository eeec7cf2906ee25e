package dev.drover.ownership;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which server this is, and whether it is the only one of that name. The name lies in the server's own data folder, and a
 * lock that the operating system takes away with the process proves that no other process uses the folder: whatever an
 * earlier life under this name owned has no owner any more.
 */
public final class NodeIdentity implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(NodeIdentity.class.getName());

    private final String node;
    private final @Nullable FileChannel channel;

    private NodeIdentity(String node, @Nullable FileChannel channel) {
        this.node = node;
        this.channel = channel;
    }

    /**
     * Reads or makes the name in that folder. Where the folder is in use by another process, the name is made up for this
     * life alone and nothing is proven.
     */
    public static NodeIdentity of(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel =
                    FileChannel.open(folder.resolve("node.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (isLocked(channel)) {
                return new NodeIdentity(name(folder), channel);
            }
            channel.close();
            LOG.log(
                    Level.WARNING,
                    "{0} is in use by another server; this one takes over from others only when their lease runs out",
                    folder);
            return new NodeIdentity("unnamed " + UUID.randomUUID(), null);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder + " for this server's name", e);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    // host and folder belong to the name, so that a copy of the folder elsewhere is another server
    private static String name(Path folder) throws IOException {
        Path file = folder.resolve("node");
        if (!Files.exists(file)) {
            Files.writeString(file, UUID.randomUUID().toString(), StandardOpenOption.CREATE_NEW);
        }
        String name = Files.readString(file).strip() + " "
                + InetAddress.getLocalHost().getHostName() + ":" + folder.toRealPath();
        return name.length() > 400 ? name.substring(0, 400) : name;
    }

    /** The server's name: the same after a restart, and no other server's. */
    public String node() {
        return node;
    }

    /** Whether no other process can be a life of this node. */
    public boolean isAlone() {
        return channel != null;
    }

    /** Lets another process be this node. */
    @Override
    public void close() {
        FileChannel held = channel;
        if (held != null) {
            try {
                held.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "the lock ends with the process", e);
            }
        }
    }
}
