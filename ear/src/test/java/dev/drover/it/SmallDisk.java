package dev.drover.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A file system of its own under a folder, which can be full. */
final class SmallDisk implements AutoCloseable {

    private final Path folder;
    private volatile boolean filling;
    private @Nullable Thread filler;

    private SmallDisk(Path folder) {
        this.folder = folder;
    }

    /** @param folder made where it is missing */
    static SmallDisk mount(Path folder, int mebibytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + mebibytes + "m", "tmpfs", folder.toString());
        return new SmallDisk(folder);
    }

    /** Leaves no room for another byte, also when some is given back, until {@link #free}. */
    void fill() throws IOException {
        takeAll();
        assertTrue(Files.size(waste()) > 0, "there was no room to take");
        filling = true;
        filler = new Thread(this::keepFull, "small-disk");
        filler.setDaemon(true);
        filler.start();
    }

    private void keepFull() {
        while (filling) {
            takeAll();
            LockSupport.parkNanos(10_000_000);
        }
    }

    private void takeAll() {
        byte[] some = new byte[4096];
        try (OutputStream out = Files.newOutputStream(waste(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(some);
            }
        } catch (IOException e) {
            // no room: that was wanted
            return;
        }
    }

    void free() throws IOException, InterruptedException {
        filling = false;
        if (filler != null) {
            filler.join();
            filler = null;
            Files.delete(waste());
        }
    }

    private Path waste() {
        return folder.resolve("waste");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        free();
        run("umount", folder.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (exit != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + exit);
        }
    }
}
