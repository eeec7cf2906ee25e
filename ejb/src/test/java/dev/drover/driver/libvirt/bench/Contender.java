package dev.drover.driver.libvirt.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A client in a process of its own that answers each command with figures: a line in, a line out. */
final class Contender implements AutoCloseable {

    private final String name;
    private final Process process;
    private final Writer commands;
    private final BufferedReader answers;

    Contender(String name, List<String> command) throws IOException {
        this.name = name;
        this.process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    String name() {
        return name;
    }

    Figures ask(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(name + " ended on '" + command + "'; its own message stands above");
        }
        return Figures.parse(answer);
    }

    @Override
    public void close() throws IOException {
        commands.close();
        process.onExit().join();
    }
}
