package dev.drover.driver.libvirt.bench;

import dev.drover.driver.libvirt.LibvirtDriver;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import javax.management.ObjectName;

/**
 * Drover's side of the benchmark of the libvirt client, with the commands and answers of {@code
 * src/bench/libvirt-client/client.c}. Only the driver's public face is called, as the product does.
 */
public final class DroverClient {

    private final LibvirtDriver driver = new LibvirtDriver();
    private final ConnectUri uri;
    private final HypervisorConnection connection;
    private final Deque<HypervisorConnection> idle = new ArrayDeque<>();

    private DroverClient(ConnectUri uri) {
        this.uri = uri;
        this.connection = open(uri);
    }

    public static void main(String[] arguments) throws Exception {
        var client = new DroverClient(ConnectUri.parse(arguments[0]));
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(client.answer(line.split(" ", -1)));
        }
        client.driver.close();
    }

    private String answer(String[] words) throws Exception {
        return switch (words[0]) {
            case "calls" -> calls(procedure(words[1]), Integer.parseInt(words[2]), Double.parseDouble(words[3]));
            case "idle" -> idle(Integer.parseInt(words[1]));
            case "migrate" -> migrate(words[1], ConnectUri.parse(words[2]));
            default -> throw new IllegalArgumentException("not understood: " + words[0]);
        };
    }

    private HypervisorConnection open(ConnectUri target) {
        return driver.open(target, ConnectOptions.defaults());
    }

    private Runnable procedure(String name) {
        return switch (name) {
            case "version" -> connection::ping;
            case "inventory" -> connection::domains;
            default -> throw new IllegalArgumentException("no procedure " + name);
        };
    }

    private static String calls(Runnable procedure, int callers, double seconds) throws InterruptedException {
        var stop = new AtomicBoolean();
        var total = new LongAdder();
        long cpu = cpuNanos();
        long start = System.nanoTime();
        var threads = IntStream.range(0, callers)
                .mapToObj(i -> new Thread(() -> {
                    while (!stop.get()) {
                        procedure.run();
                        total.increment();
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        Thread.sleep((long) (seconds * 1000));
        stop.set(true);
        for (Thread thread : threads) {
            thread.join();
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        return String.format(
                Locale.ROOT,
                "calls_per_s=%.1f cpu_us_per_call=%.2f",
                total.sum() / elapsed,
                (cpuNanos() - cpu) / 1e3 / total.sum());
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    // the heap is touched whole at the start (AlwaysPreTouch), so what the process grows by lies outside it
    private String idle(int count) throws Exception {
        while (idle.size() < count) {
            idle.push(open(uri));
        }
        while (idle.size() > count) {
            idle.pop().close();
        }
        System.gc();
        System.gc();
        trimNativeHeap();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024;
        return "rss_kib=" + status("VmRSS:") + " heap_kib=" + heap + " threads=" + status("Threads:");
    }

    // what the compiler has freed is no memory of a connection; client.c does the same
    private static void trimNativeHeap() throws Exception {
        ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "systemTrimNativeHeap",
                        new Object[0],
                        new String[0]);
    }

    private static long status(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    private String migrate(String guest, ConnectUri destination) {
        Domain domain = connection.findDomain(guest).orElseThrow();
        try (HypervisorConnection target = open(destination)) {
            long start = System.nanoTime();
            connection.migrate(domain.uuid(), target, Set.of(MigrateFlag.LIVE), null, null, MigrateParams.none());
            return String.format(Locale.ROOT, "seconds=%.4f", (System.nanoTime() - start) / 1e9);
        }
    }
}
