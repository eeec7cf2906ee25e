package dev.drover.run;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The provisioned application server as a process of its own, known by the pid file that it leaves in its folder. */
public final class Server {

    private static final int HTTP = 8080;
    private static final int MANAGEMENT = 9990;
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(60);

    private final Path home;
    private final int offset;

    /** @param offset added to every port */
    public Server(Path home, int offset) {
        this.home = home;
        this.offset = offset;
    }

    /** Stops the server in the folder that the argument names. */
    public static void main(String[] args) throws InterruptedException {
        try {
            boolean stopped = new Server(Path.of(args[0]), 0).stop();
            System.out.println(stopped ? "Drover: stopped" : "Drover: no server of this build is running");
        } catch (IOException e) {
            System.out.println("Drover: " + e.getMessage());
            System.exit(1);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + (HTTP + offset) + "/drover/";
    }

    /**
     * Starts it, after stopping an earlier one of the same folder; it outlives this process.
     *
     * @param environment added to this process's own
     */
    public void start(Map<String, String> environment) throws IOException, InterruptedException {
        stop();
        for (int port : List.of(HTTP + offset, MANAGEMENT + offset)) {
            requireFree(port);
        }
        Path log = home.resolve("standalone/log");
        Files.createDirectories(log);
        ProcessBuilder builder = new ProcessBuilder(
                        home.resolve("bin/standalone.sh").toString(), "-Djboss.socket.binding.port-offset=" + offset)
                .redirectErrorStream(true)
                .redirectOutput(log.resolve("console.log").toFile())
                .redirectInput(new File("/dev/null"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // standalone.sh hands on signals and waits, so that its pid stands for the server's
        builder.environment().put("LAUNCH_JBOSS_IN_BACKGROUND", "true");
        builder.environment().putAll(environment);
        Process process = builder.start();
        Files.writeString(pidFile(), Long.toString(process.pid()));
    }

    /** Lays the application into a server that does not run. */
    public void deploy(Path application) throws IOException {
        Path deployments = home.resolve("standalone/deployments");
        Files.createDirectories(deployments);
        Files.copy(
                application,
                deployments.resolve(application.getFileName()),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    private static void requireFree(int port) throws IOException {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            probe.setReuseAddress(true);
        } catch (java.net.BindException e) {
            throw new IOException(
                    "port " + port + " on 127.0.0.1 is in use by another program; end that, or choose "
                            + "other ports with -Ddrover.offset=100",
                    e);
        }
    }

    /** Whether the process is there; says nothing of whether it is ready. */
    public boolean isAlive() throws IOException {
        return process().isPresent();
    }

    /** Ends it and waits until it is gone. @return false when none was running */
    public boolean stop() throws IOException, InterruptedException {
        Optional<ProcessHandle> running = process();
        if (running.isEmpty()) {
            Files.deleteIfExists(pidFile());
            return false;
        }
        List<ProcessHandle> virtualMachines = running.get().children().toList();
        running.get().destroy();
        try {
            running.get().onExit().get(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS);
            for (ProcessHandle machine : virtualMachines) {
                machine.onExit().get(STOPS_WITHIN.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new IOException(
                    "the server (pid " + running.get().pid() + ") does not end; see " + home + "/standalone/log", e);
        }
        Files.deleteIfExists(pidFile());
        return true;
    }

    /** Ends it as a crash would: the script and its Java process, but no program that this one has started. */
    public void kill() throws IOException, InterruptedException {
        Optional<ProcessHandle> running = process();
        if (running.isPresent()) {
            List<ProcessHandle> virtualMachines = running.get().children().toList();
            running.get().destroyForcibly();
            virtualMachines.forEach(ProcessHandle::destroyForcibly);
            for (ProcessHandle machine : virtualMachines) {
                machine.onExit().join();
            }
            Files.deleteIfExists(pidFile());
        }
    }

    // a pid may have been given to a stranger since: the command line must be ours
    private Optional<ProcessHandle> process() throws IOException {
        if (!Files.exists(pidFile())) {
            return Optional.empty();
        }
        long pid = Long.parseLong(Files.readString(pidFile()).strip());
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(handle -> handle.info()
                .commandLine()
                .filter(line -> line.contains("standalone.sh"))
                .isPresent());
    }

    private Path pidFile() {
        return home.resolve("standalone/drover.pid");
    }

    /** Makes the two users anew with that password: {@code operator} for the application, {@code admin} for management. */
    public void users(String password) throws IOException {
        Path configuration = home.resolve("standalone/configuration");
        write(configuration.resolve("application-users.properties"), hashed("operator", "ApplicationRealm", password));
        write(configuration.resolve("application-roles.properties"), "operator=operator,viewer");
        write(configuration.resolve("mgmt-users.properties"), hashed("admin", "ManagementRealm", password));
    }

    private static void write(Path file, String line) throws IOException {
        Files.writeString(file, line + System.lineSeparator());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    // the form that the server's own add-user tool writes
    private static String hashed(String user, String realm, String password) {
        try {
            byte[] hash = MessageDigest.getInstance("MD5")
                    .digest((user + ":" + realm + ":" + password).getBytes(StandardCharsets.UTF_8));
            return user + "=" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A password that nobody has guessed before. */
    public static String newPassword() {
        byte[] bytes = new byte[12];
        new SecureRandom().nextBytes(bytes);
        return java.util.Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
