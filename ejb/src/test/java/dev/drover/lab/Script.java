package dev.drover.lab;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A lab's script and virsh as calls that return what was printed and fail with it.
 *
 * @param folder the lab's work folder
 */
record Script(Path path, Path folder) {

    String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command);
        builder.environment().put("LAB", folder.toString());
        return output(builder);
    }

    static String virsh(String uri, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("virsh", "-q", "-c", uri));
        command.addAll(List.of(arguments));
        return output(new ProcessBuilder(command));
    }

    // to a file: the processes that the script leaves running would keep a pipe open
    static String output(ProcessBuilder builder) throws IOException, InterruptedException {
        Path out = Files.createTempFile("drover-lab", ".out");
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .redirectInput(new File("/dev/null"))
                    .start();
            int exit = process.waitFor();
            String text = Files.readString(out, StandardCharsets.UTF_8);
            if (exit != 0) {
                throw new IOException(builder.command() + " ended with " + exit + ": " + text);
            }
            return text;
        } finally {
            Files.delete(out);
        }
    }
}
