package dev.drover.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.run.Server;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A PostgreSQL of the tests' own from Debian's package: a cluster in the target folder that listens on one loopback port
 * and ends with the test. PostgreSQL refuses to run as root, so root hands it to the package's user.
 */
final class Postgres implements AutoCloseable {

    private final Path folder;
    private final int port;
    private final String password = Server.newPassword();
    private final Path bin;

    private Postgres(Path folder, int port) throws IOException {
        this.folder = folder.toAbsolutePath();
        this.port = port;
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            this.bin = versions.map(version -> version.resolve("bin"))
                    .filter(each -> Files.exists(each.resolve("initdb")))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    /** Makes an empty cluster and starts it. */
    static Postgres start(Path folder, int port) throws IOException, InterruptedException {
        var postgres = new Postgres(folder, port);
        postgres.delete();
        postgres.initialise();
        postgres.start();
        return postgres;
    }

    private void initialise() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path secret = folder.resolve("password");
        Files.writeString(secret, password);
        if (isRoot()) {
            run(List.of("chown", "-R", "postgres:", folder.toString()));
        }
        asPostgres(
                "initdb",
                "-D",
                data(),
                "-U",
                "drover",
                "--auth=scram-sha-256",
                "--pwfile=" + secret,
                "--no-locale",
                "--encoding=UTF8");
        Files.delete(secret);
    }

    /** Starts it, also again after {@link #stop}. */
    void start() throws IOException, InterruptedException {
        asPostgres(
                "pg_ctl",
                "-D",
                data(),
                "-l",
                folder.resolve("log").toString(),
                "-w",
                "-t",
                "120",
                "-o",
                "-p " + port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''",
                "start");
    }

    /** Takes it away as a crash does: every connection breaks, and none can be made. */
    void stop() throws IOException, InterruptedException {
        asPostgres("pg_ctl", "-D", data(), "-m", "immediate", "-w", "-t", "120", "stop");
    }

    /** What a server's environment needs to use it. */
    Map<String, String> environment() {
        return Map.of(
                "DROVER_DB_URL",
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=5&socketTimeout=20",
                "DROVER_DB_USER",
                "drover",
                "DROVER_DB_PASSWORD",
                password);
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private void asPostgres(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
        }
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        run(command);
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("drover-postgres", ".out");
        try {
            int exit = new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start()
                    .waitFor();
            assertEquals(0, exit, () -> command.get(0) + ": " + read(out));
        } finally {
            Files.delete(out);
        }
    }

    private static String read(Path out) {
        try {
            return Files.readString(out);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        try {
            if (Files.exists(folder.resolve("data/postmaster.pid"))) {
                stop();
            }
        } finally {
            delete();
        }
    }

    private void delete() throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }
}
