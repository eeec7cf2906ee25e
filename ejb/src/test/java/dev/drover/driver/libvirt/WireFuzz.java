package dev.drover.driver.libvirt;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The entry of the fuzzing campaign ({@code mvn -Pfuzz}) and of its replay in every build. The first byte of an input
 * chooses the {@link FuzzTarget}, the rest is fed to it, and what that allocates is held against the length of the input.
 */
public final class WireFuzz {

    // an object of a few dozen bytes for each word that came, and as much again for the list that holds it
    private static final long BYTES_PER_BYTE = 64;
    // a connection, exceptions with their traces
    private static final long BYTES_AT_MOST = 512 * 1024;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private WireFuzz() {}

    /** Called by Jazzer, by this name. */
    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        FuzzTarget[] targets = FuzzTarget.values();
        FuzzTarget target = targets[(input[0] & 0xff) % targets.length];
        byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
        long most = BYTES_AT_MOST + BYTES_PER_BYTE * input.length;
        if (allocated(target, bytes) <= most) {
            return;
        }
        // loading a class allocates too, but only the first time
        long again = allocated(target, bytes);
        if (again > most) {
            throw new AssertionError(target + " allocates " + again + " bytes for " + input.length);
        }
    }

    private static long allocated(FuzzTarget target, byte[] bytes) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        target.feed(bytes);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** Lays out the campaign's folder: the seeds, a file each, and an empty corpus. @param arguments the folder */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Files.createDirectories(folder.resolve("corpus"));
        Path seeds = Files.createDirectories(folder.resolve("seeds"));
        int number = 0;
        for (byte[] seed : FuzzSeeds.all()) {
            Files.write(seeds.resolve("seed-" + number++), seed);
        }
    }
}
