package dev.drover.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The wall clock of one process and its children, by libfaketime, which the lab installs. Time that only passes, as timers
 * and the lease go by, is left alone, as it is when somebody sets a machine's clock.
 */
final class FakeClock {

    private final Path offset;

    /** One that is right. @param file where the offset is told to the process */
    FakeClock(Path file) throws IOException {
        this.offset = file.toAbsolutePath();
        set("+0");
    }

    /** The process sees it within a second or two. @param by from the true time, as {@code +1h} */
    void set(String by) throws IOException {
        Path next = offset.resolveSibling(offset.getFileName() + ".new");
        Files.writeString(next, by + System.lineSeparator());
        Files.move(next, offset, StandardCopyOption.ATOMIC_MOVE);
    }

    /** For the start of the process. */
    Map<String, String> environment() throws IOException {
        return Map.of(
                "LD_PRELOAD",
                library().toString(),
                "FAKETIME_TIMESTAMP_FILE",
                offset.toString(),
                // a look into the file at each question would cost more than everything else
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // else the JVM's timed waits never sleep
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    /** Removes what the library made in shared memory for that process and leaves there when it is ended by a signal. */
    static void forget(long pid) throws IOException {
        for (String kind : List.of("faketime_shm_", "sem.faketime_sem_")) {
            Files.deleteIfExists(Path.of("/dev/shm", kind + pid));
        }
    }

    // in a folder that is named after the machine's architecture
    private static Path library() throws IOException {
        try (Stream<Path> found = Files.find(
                Path.of("/usr/lib"), 3, (path, attributes) -> path.endsWith("faketime/libfaketimeMT.so.1"))) {
            return found.findFirst().orElseThrow();
        }
    }
}
