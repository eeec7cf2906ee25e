package dev.drover.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** The lab script as Java methods. Needs root; one lab a machine for each value of the build's property {@code lab.id}. */
public final class Lab implements AutoCloseable {

    private static final String ID = System.getProperty("lab.id", "0");

    private final Path script;
    private final Path folder;
    private final int hosts;

    private Lab(Path script, Path folder, int hosts) {
        this.script = script;
        this.folder = folder;
        this.hosts = hosts;
    }

    /** Brings up hosts h1..hN where the build's system properties {@code lab.script} and {@code lab.folder} say. */
    public static Lab up(int hosts) throws IOException, InterruptedException {
        return up(hosts, Map.of());
    }

    /**
     * Brings up hosts h1..hN, after clearing what an interrupted run left behind.
     *
     * @param settings the script's, as {@code KEEPALIVE_INTERVAL}
     */
    public static Lab up(int hosts, Map<String, String> settings) throws IOException, InterruptedException {
        Lab lab = new Lab(Path.of(System.getProperty("lab.script")), Path.of(System.getProperty("lab.folder")), hosts);
        lab.run(Map.of(), "down");
        lab.run(settings, "up", Integer.toString(hosts));
        return lab;
    }

    /** As DROVER_HOSTS wants them. */
    public String seed() {
        return String.join(
                ",",
                IntStream.rangeClosed(1, hosts)
                        .mapToObj(i -> "h" + i + "=" + uri("h" + i))
                        .toList());
    }

    public static String uri(String host) {
        return "qemu+tcp://" + address(host) + "/system";
    }

    /** This machine's own IPv4 address on the lab's network. */
    public static String machine() {
        return "10.77." + ID + ".1";
    }

    /** The IPv4 address of a host. */
    public static String address(String host) {
        return "10.77." + ID + "." + (10 + Integer.parseInt(host.substring(1)));
    }

    /** Says how a host's daemon lets clients in on one of its sockets: {@code none} or {@code sasl}. */
    public void auth(String host, String socket, String scheme) throws IOException, InterruptedException {
        run(Map.of(), "auth", host, socket, scheme);
    }

    /** Starts an sshd on a host, which lets root in with {@link #sshKey}. */
    public void sshd(String host) throws IOException, InterruptedException {
        run(Map.of(), "sshd", host);
    }

    /** The folder with a TLS client's certificates. */
    public Path pki() {
        return absolute("pki/client");
    }

    /** The credentials that all hosts' SASL knows, as auth.conf. */
    public Path authFile() {
        return absolute("auth.conf");
    }

    /** The password of their user {@code lab}. */
    public String password() throws IOException {
        return Files.readString(absolute("password"));
    }

    public Path sshKey() {
        return absolute("ssh/id");
    }

    /** The keys of the hosts that have an sshd. */
    public Path knownHosts() {
        return absolute("ssh/known_hosts");
    }

    /** libvirt's UNIX socket of a host, seen from this machine. */
    public Path socket(String host) {
        try {
            String init = java.nio.file.Files.readString(folder.resolve("hosts/" + host + "/pid"))
                    .strip();
            return Path.of("/proc/" + init + "/root/run/libvirt/libvirt-sock");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path absolute(String file) {
        return folder.toAbsolutePath().normalize().resolve(file);
    }

    /** Starts a self-checking guest with 8 MiB to check, about a second for each pass. */
    public void start(String host, String guest) throws IOException, InterruptedException {
        startReady(Map.of(), host, guest, "fill=8", "scrub=256");
    }

    /** The same with a working set of 4 MiB that it writes to all the time. */
    public void startWorking(String host, String guest) throws IOException, InterruptedException {
        startReady(Map.of(), host, guest, "fill=8", "ws=4", "rate=500", "scrub=256");
    }

    /** One that writes to half of its memory each second; returns when it does. */
    public void startWriting(String host, String guest) throws IOException, InterruptedException {
        startReady(Map.of(), host, guest, "ws=32", "rate=8000");
        awaitReport(guest, "seq=2 ");
    }

    // until it has filled its memory there is nothing to move that would take a while
    private void startReady(Map<String, String> settings, String host, String guest, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("start", host, guest, "64"));
        command.addAll(List.of(words));
        run(settings, command.toArray(String[]::new));
        awaitReport(guest, "micro ready");
    }

    private void awaitReport(String guest, String words) throws IOException, InterruptedException {
        Path reports = folder.resolve("serial").resolve(guest + ".log");
        long deadline = System.nanoTime() + java.time.Duration.ofSeconds(60).toNanos();
        while (!Files.readString(reports).contains(words)) {
            if (System.nanoTime() > deadline) {
                throw new IOException(guest + " does not report '" + words + "'");
            }
            Thread.sleep(20);
        }
    }

    /** One with a disk that no other host shares: random bytes here, zeros and the same name and size elsewhere. */
    public void startWithDisk(String host, String guest) throws IOException, InterruptedException {
        byte[] content = new byte[4 << 20];
        for (int i = 1; i <= hosts; i++) {
            java.nio.file.Files.write(disk("h" + i, guest), content);
        }
        ThreadLocalRandom.current().nextBytes(content);
        java.nio.file.Files.write(disk(host, guest), content);
        startReady(Map.of("DISK", "/var/lib/libvirt/" + guest + ".img"), host, guest, "fill=8", "scrub=256");
    }

    /** A host's own copy of a guest's disk, seen from this machine. */
    public Path disk(String host, String guest) {
        return folder.resolve("hosts/" + host + "/lib/" + guest + ".img");
    }

    /** One with so much memory to check and to move. */
    public void startFilled(String host, String guest, int fillMiB) throws IOException, InterruptedException {
        startReady(Map.of(), host, guest, "fill=" + fillMiB, "scrub=512");
    }

    /** What is left to copy of a guest's memory, as the source says; empty when no migration is under way. */
    public java.util.Optional<Long> remainingBytes(String host, String guest) throws InterruptedException {
        return jobFigure(host, guest, "memory_remaining");
    }

    /** What was copied of it byte by byte, without the empty pages, of which only the numbers are sent. */
    public java.util.Optional<Long> copiedBytes(String host, String guest) throws InterruptedException {
        return jobFigure(host, guest, "memory_normal_bytes");
    }

    private static java.util.Optional<Long> jobFigure(String host, String guest, String name)
            throws InterruptedException {
        try {
            return virsh(host, "domjobinfo", guest, "--rawstats")
                    .lines()
                    .filter(line -> line.strip().startsWith(name + ":"))
                    .map(line -> Long.valueOf(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException e) {
            // it has left
            return java.util.Optional.empty();
        }
    }

    /** Only defines a guest there, under a UUID of its own. */
    public void define(String host, String guest) throws IOException, InterruptedException {
        String xml = run(Map.of(), "xml", guest, "64", "fill=8");
        Path file = folder.resolve(guest + "-" + host + ".xml");
        java.nio.file.Files.writeString(file, xml);
        virsh(host, "define", file.toString());
    }

    /** Waits until the guest has verified all of its memory once more; fails when it is damaged, still or rebooted. */
    public void checkMemory(String guest) throws IOException, InterruptedException {
        run(Map.of(), "check", guest, "pass");
    }

    /** The hosts on which libvirt says that the guest runs. */
    public List<String> whereRunning(String guest) throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (int i = 1; i <= hosts; i++) {
            if (running("h" + i).contains(guest)) {
                found.add("h" + i);
            }
        }
        return found;
    }

    /** What every host says of a domain, by its UUID; a host that does not have it is left out. All must answer. */
    public Map<String, String> copies(java.util.UUID domain) throws IOException, InterruptedException {
        Map<String, String> found = new java.util.TreeMap<>();
        for (int i = 1; i <= hosts; i++) {
            String host = "h" + i;
            if (virsh(host, "list", "--all", "--uuid").contains(domain.toString())) {
                found.put(host, virsh(host, "domstate", domain.toString()).strip());
            }
        }
        return found;
    }

    /**
     * The numbers of the lines that a guest has written, one for each second of its life. Copies of it that ran at the same
     * time have written the same number.
     */
    public List<Integer> heartbeats(String guest) throws IOException {
        return java.util.regex.Pattern.compile("seq=(\\d+) ")
                .matcher(java.nio.file.Files.readString(folder.resolve("serial").resolve(guest + ".log")))
                .results()
                .map(line -> Integer.valueOf(line.group(1)))
                .toList();
    }

    public List<String> running(String host) throws IOException, InterruptedException {
        return virsh(host, "list", "--state-running", "--name")
                .lines()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** The UUID that libvirt gave it. */
    public java.util.UUID uuid(String host, String guest) throws IOException, InterruptedException {
        return java.util.UUID.fromString(virsh(host, "domuuid", guest).strip());
    }

    /** Stops its virtual CPUs, as a user would. */
    public void suspend(String host, String guest) throws IOException, InterruptedException {
        virsh(host, "suspend", guest);
    }

    public void resume(String host, String guest) throws IOException, InterruptedException {
        virsh(host, "resume", guest);
    }

    /** Whether a migration of the domain away from that host is under way. */
    public boolean migrates(String host, java.util.UUID domain) throws IOException, InterruptedException {
        return virsh(host, "domjobinfo", domain.toString()).contains("Unbounded");
    }

    /** Ends every guest and forgets every definition. */
    public void clear() throws IOException, InterruptedException {
        clearBut(java.util.Set.of());
    }

    /** The same, but for some guests. */
    public void clearBut(java.util.Set<String> kept) throws IOException, InterruptedException {
        for (int i = 1; i <= hosts; i++) {
            String host = "h" + i;
            for (String name : names(host, "--all")) {
                if (!kept.contains(name)) {
                    remove(host, name);
                }
            }
        }
    }

    // a transient guest is gone when it is off, a definition stays
    private static void remove(String host, String guest) throws IOException, InterruptedException {
        if (names(host, "--all", "--state-running", "--state-paused", "--state-other")
                .contains(guest)) {
            virsh(host, "destroy", guest);
        }
        if (names(host, "--all").contains(guest)) {
            virsh(host, "undefine", guest);
        }
    }

    private static List<String> names(String host, String... which) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("list", "--name"));
        arguments.addAll(List.of(which));
        return virsh(host, arguments.toArray(String[]::new))
                .lines()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** Ends a host's daemon at once; its guests go on. */
    public void killDaemon(String host) throws IOException, InterruptedException {
        signalDaemon(host, "KILL");
    }

    /** @param signal by its short name, as STOP */
    public void signalDaemon(String host, String signal) throws IOException, InterruptedException {
        run(Map.of(), "libvirtd-kill", host, signal);
    }

    /** Starts it again and waits until it answers. */
    public void startDaemon(String host) throws IOException, InterruptedException {
        run(Map.of(), "libvirtd-start", host);
        long deadline = System.nanoTime() + java.time.Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                virsh(host, "version");
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(100);
            }
        }
    }

    /** Plugs or pulls a host's network cable. */
    public void link(String host, boolean plugged) throws IOException, InterruptedException {
        run(Map.of(), "link", host, plugged ? "up" : "down");
    }

    /** Somebody switches a migration to post-copy, by libvirt's own shell. */
    public void switchToPostCopy(String host, String guest) throws IOException, InterruptedException {
        virsh(host, "migrate-postcopy", guest);
    }

    /** Breaks the streams that carry guests' memory to or from a host, for both ends. */
    public void breakStreams(String host) throws IOException, InterruptedException {
        run(Map.of(), "break", host);
    }

    /** Leaves guests that come to a host so little memory that their process cannot be made; {@code off} ends that. */
    public void memory(String host, String mebibytes) throws IOException, InterruptedException {
        run(Map.of(), "memory", host, mebibytes);
    }

    /** Kills the process that runs a guest on a host. */
    public void killQemu(String host, String guest) throws IOException, InterruptedException {
        run(Map.of(), "enter", host, "bash", "-c", "kill -KILL $(cat /run/libvirt/qemu/" + guest + ".pid)");
    }

    /** Shapes every host's link, so that a migration takes a while; {@code off} ends that. */
    public void rate(String rate) throws IOException, InterruptedException {
        run(Map.of(), "rate", rate);
    }

    /** libvirt's own record of lifecycle events of a host, from now until it is closed. */
    public EventLog watch(String host) throws IOException {
        return new EventLog(
                new ProcessBuilder("virsh", "-c", uri(host), "event", "--loop", "--timestamp", "--event", "lifecycle")
                        .redirectErrorStream(true)
                        .redirectInput(new java.io.File("/dev/null"))
                        .redirectOutput(
                                folder.resolve("events-" + host + ".log").toFile())
                        .start(),
                folder.resolve("events-" + host + ".log"));
    }

    /** A running recorder. */
    public record EventLog(Process recorder, Path file) implements AutoCloseable {

        /** How often a domain was started here by an incoming migration. */
        public long arrivals(String guest) throws IOException {
            return java.nio.file.Files.readString(file)
                    .lines()
                    .filter(line -> line.contains("'" + guest + "'") && line.contains("Started Migrated"))
                    .count();
        }

        /** What became of a guest here, oldest first. */
        public List<LifecycleEvent> of(String guest) throws IOException {
            return java.nio.file.Files.readString(file)
                    .lines()
                    .filter(line -> line.contains("for domain '" + guest + "': "))
                    .map(LifecycleEvent::read)
                    .toList();
        }

        @Override
        public void close() {
            recorder.destroy();
            recorder.onExit().join();
        }
    }

    private static String virsh(String host, String... arguments) throws IOException, InterruptedException {
        return Script.virsh(uri(host), arguments);
    }

    private String run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("LAB", folder.toString());
        builder.environment().put("LAB_ID", ID);
        builder.environment().putAll(environment);
        return Script.output(builder);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run(Map.of(), "down");
    }
}
