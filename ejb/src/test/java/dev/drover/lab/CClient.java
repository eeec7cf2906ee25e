package dev.drover.lab;

import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue;
import dev.drover.model.TypedParameter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** libvirt's own C library behind a small program, for comparisons; compiled when it is asked for. */
public final class CClient {

    private final Path program;

    private CClient(Path program) {
        this.program = program;
    }

    /** Compiles {@code migrate.c}, which lies beside the lab's script, into the lab's folder. */
    public static CClient compile() throws IOException, InterruptedException {
        Path source = Path.of(System.getProperty("lab.script")).resolveSibling("migrate.c");
        Path program = Path.of(System.getProperty("lab.folder")).resolve("migrate");
        Process gcc = new ProcessBuilder("gcc", "-O1", "-o", program.toString(), source.toString(), "-lvirt")
                .redirectErrorStream(true)
                .start();
        String said = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (gcc.waitFor() != 0) {
            throw new IOException("cannot compile " + source + ", is libvirt-dev there? " + said);
        }
        return new CClient(program);
    }

    /** Migrates and returns libvirt's error number, 0 after success. */
    public int migrate(String source, String domain, String destination, long flags, MigrateParams params)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(program.toString(), source, domain, destination, Long.toString(flags)));
        params.list().forEach(parameter -> command.add(word(parameter)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(5, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(command + ": " + said);
        }
        return Integer.parseInt(said.substring(0, said.indexOf(' ')));
    }

    private static String word(TypedParameter parameter) {
        ParamValue value = parameter.value();
        String type = "u";
        if (value instanceof ParamValue.StringValue) {
            type = "s";
        } else if (value instanceof ParamValue.IntValue) {
            type = "i";
        } else if (value instanceof ParamValue.LongValue) {
            type = "l";
        }
        return parameter.name() + ":" + type + ":" + value.text();
    }
}
