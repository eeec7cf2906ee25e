package dev.drover.it;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
        filling = true;
        Thread taking = new Thread(
                () -> {
                    while (filling) {
                        try {
                            takeAll();
                            Thread.sleep(10);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        } catch (InterruptedException e) {
                            return;
                        }
                    }
                },
                "small-disk");
        taking.setDaemon(true);
        taking.start();
        filler = taking;
    }

    private void takeAll() throws IOException {
        byte[] some = new byte[4096];
        try (OutputStream out = Files.newOutputStream(waste(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(some);
            }
        } catch (IOException e) {
            if (Files.getFileStore(folder).getUsableSpace() > 0) {
                throw e;
            }
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
