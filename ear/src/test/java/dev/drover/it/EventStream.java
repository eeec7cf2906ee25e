package dev.drover.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The server-sent events, read as they come. */
final class EventStream implements AutoCloseable {

    private final InputStream in;
    private final List<Long> ids = new CopyOnWriteArrayList<>();
    private final List<String> data = new CopyOnWriteArrayList<>();

    EventStream(InputStream in) {
        this.in = in;
        Thread reader = new Thread(this::read, "events");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> {
                if (line.startsWith("id:")) {
                    ids.add(Long.parseLong(line.substring(3).strip()));
                } else if (line.startsWith("data:")) {
                    data.add(line.substring(5).strip());
                }
            });
        } catch (IOException | UncheckedIOException closed) {
            // the test has seen enough
        }
    }

    void awaitData(String... parts) throws IOException, InterruptedException {
        DroverServer.await("an event with " + List.of(parts), () -> data.stream()
                .anyMatch(each -> List.of(parts).stream().allMatch(each::contains)));
    }

    List<Long> ids() {
        return List.copyOf(ids);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
