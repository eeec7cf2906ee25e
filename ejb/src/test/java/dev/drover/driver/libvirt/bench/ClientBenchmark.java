package dev.drover.driver.libvirt.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Drover's libvirt client against the C library: the same commands to one daemon in turns, in a random order each round,
 * and the ratio of each round's pair. One unmeasured round of every cell goes before the others; no round is discarded.
 */
public final class ClientBenchmark {

    private static final String DROVER = "drover";
    private static final int IDLE = 500;
    private static final int WARM_UPS = 60;
    // the slow one takes and frees more memory than all connections together, whenever it likes
    private static final String QUICK_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";
    private static final double SLICE_SECONDS = Double.parseDouble(System.getProperty("bench.slice", "0.5"));
    private static final int CALL_ROUNDS = Integer.getInteger("bench.rounds.calls", 41);
    private static final int IDLE_ROUNDS = Integer.getInteger("bench.rounds.idle", 9);
    private static final int MIGRATION_ROUNDS = Integer.getInteger("bench.rounds.migration", 15);

    private final Results results = new Results();
    private final Random random = new Random();
    private final String client;
    private final String source;
    private final String destination;

    private ClientBenchmark(String client, String source, String destination) {
        this.client = client;
        this.source = source;
        this.destination = destination;
    }

    /** @param arguments the C program, URI of the source, of the destination, guest, folder of the results */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var benchmark = new ClientBenchmark(arguments[0], arguments[1], arguments[2]);
        Path folder = Path.of(arguments[4]);
        if (CALL_ROUNDS > 0) {
            benchmark.calls();
            benchmark.results.write(folder, "libvirt-client-calls", PREFACE);
        }
        if (IDLE_ROUNDS > 0) {
            benchmark.idle();
            benchmark.results.write(folder, "libvirt-client-idle", PREFACE);
        }
        if (MIGRATION_ROUNDS > 0) {
            benchmark.migrations(arguments[3]);
            benchmark.results.write(folder, "libvirt-client-migration", PREFACE);
        }
    }

    private static final String PREFACE =
            """
            # The libvirt client against the C library

            Made by `src/bench/libvirt-client/run.sh` from real libvirt and QEMU in the lab, all on one machine. Contenders:
            `drover`; `c`, the C library with its event loop in a thread, keepalive and an event subscription, as Drover has
            them; `c-bare`, the C library without any of the three. `drover/c` is the ratio of each round's pair. The
            machine does nothing else meanwhile: the load is theirs and the daemon's.

            - `version` is virConnectGetLibVersion; `inventory` is virConnectGetAllDomainStats and
              virConnectListAllDomains of two guests. A daemon works on five calls of a connection at a time.
            - `KiB per connection`: growth of the process from 0 to 500 idle connections, over 500, after garbage
              collection. Drover: used heap, plus growth of resident memory outside the heap, which is touched whole at the start.
              C: resident memory. Both return freed native memory to the system first, and have opened and closed ten
              connections sixty times before the count at 0, so that compiled code is not counted as a connection's; for the same
              reason the JVM compiles with its quick compiler only in this cell. A growth of Drover's resident memory below zero
              counts as zero. Without these measures, with the usual compilers, the cell gave 19.8 to 36.8 KiB, mostly memory of
              compilers and code: the used heap alone grew by 3.4 KiB a connection throughout.
            - `migration`: one live peer-to-peer migration of a 64 MiB guest, from the call to its return; `virsh` is
              the command with its process and connection, `c` the call on an open connection.""";

    private List<String> drover(String... options) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(options));
        command.addAll(List.of(DroverClient.class.getName(), source));
        return command;
    }

    private Map<String, List<String>> contenders(String... options) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(DROVER, drover(options));
        commands.put("c", List.of(client, source, "events"));
        commands.put("c-bare", List.of(client, source, "bare"));
        return commands;
    }

    private void calls() throws IOException {
        List<Contender> all = new ArrayList<>();
        for (var each : contenders().entrySet()) {
            all.add(new Contender(each.getKey(), each.getValue()));
        }
        List<String> cells = new ArrayList<>(List.of("version 1", "version 16", "inventory 1", "inventory 16"));
        for (int round = 0; round <= CALL_ROUNDS; round++) {
            Collections.shuffle(cells, random);
            for (String cell : cells) {
                callRound(all, cell, round > 0);
            }
        }
        for (Contender each : all) {
            each.close();
        }
    }

    private void callRound(List<Contender> all, String cell, boolean measured) throws IOException {
        Collections.shuffle(all, random);
        Map<String, Figures> answers = new LinkedHashMap<>();
        String name = cell + (cell.endsWith(" 1") ? " caller" : " callers");
        results.begin(name);
        for (Contender each : all) {
            // a virtual machine compiles what it has seen often enough, so the unmeasured round is a long one
            answers.put(each.name(), each.ask("calls " + cell + " " + (measured ? SLICE_SECONDS : 10 * SLICE_SECONDS)));
        }
        if (measured) {
            answers.forEach((who, figures) ->
                    figures.byName().forEach((metric, value) -> results.add(name, who, metric, value)));
            ratios(name, "calls_per_s", answers);
        }
    }

    private void ratios(String cell, String metric, Map<String, Figures> answers) {
        Figures drover = answers.get(DROVER);
        if (drover == null) {
            throw new IllegalStateException("Drover did not take part in " + cell);
        }
        double ours = drover.get(metric);
        answers.forEach((who, figures) -> {
            if (!who.equals(DROVER)) {
                results.add(cell, DROVER + "/" + who, metric, ours / figures.get(metric));
            }
        });
    }

    private void idle() throws IOException {
        String cell = IDLE + " idle connections";
        results.begin(cell);
        for (int round = 0; round < IDLE_ROUNDS; round++) {
            var order = new ArrayList<>(contenders(QUICK_COMPILER_ONLY).entrySet());
            Collections.shuffle(order, random);
            for (var each : order) {
                idleRound(cell, each.getKey(), each.getValue());
            }
        }
    }

    private void idleRound(String cell, String name, List<String> command) throws IOException {
        try (Contender contender = new Contender(name, command)) {
            for (int i = 0; i < WARM_UPS; i++) {
                contender.ask("idle 10");
                contender.ask("idle 0");
            }
            var none = contender.ask("idle 0");
            var many = contender.ask("idle " + IDLE);
            // memory freed meanwhile by others may not be counted in a connection's favour
            double outside = Math.max(0, many.get("rss_kib") - none.get("rss_kib"));
            double grown = outside + many.get("heap_kib") - none.get("heap_kib");
            results.add(cell, name, "KiB per connection", grown / IDLE);
            results.add(cell, name, "threads at 0", none.get("threads"));
            results.add(cell, name, "threads at " + IDLE, many.get("threads"));
        }
    }

    private void migrations(String guest) throws IOException, InterruptedException {
        String cell = "migration";
        results.begin(cell);
        try (Contender drover = new Contender(DROVER, drover());
                Contender c = new Contender("c", List.of(client, source, "events"))) {
            List<String> order = new ArrayList<>(List.of(DROVER, "c", "virsh"));
            for (int round = 0; round <= MIGRATION_ROUNDS; round++) {
                Collections.shuffle(order, random);
                Map<String, Figures> answers = new LinkedHashMap<>();
                for (String who : order) {
                    double seconds = who.equals("virsh")
                            ? virsh(source, destination, guest)
                            : (who.equals(DROVER) ? drover : c)
                                    .ask("migrate " + guest + " " + destination)
                                    .get("seconds");
                    answers.put(who, Figures.seconds(seconds));
                    virsh(destination, source, guest);
                }
                if (round > 0) {
                    answers.forEach((who, figures) -> results.add(cell, who, "seconds", figures.get("seconds")));
                    ratios(cell, "seconds", answers);
                }
            }
        }
    }

    private static double virsh(String from, String to, String guest) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int exit = new ProcessBuilder("virsh", "-q", "-c", from, "migrate", "--live", "--p2p", guest, to)
                .inheritIO()
                .start()
                .waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (exit != 0) {
            throw new IOException("virsh could not move " + guest + " from " + from + " to " + to);
        }
        return seconds;
    }
}
