package dev.drover.it;

import dev.drover.lab.Lab;
import java.io.IOException;
import java.util.Map;

/** The lab of the tests of faults: three hosts, all of which and Drover notice within seconds that a peer is gone. */
final class LabHosts {

    private LabHosts() {}

    static Lab up() throws IOException, InterruptedException {
        return Lab.up(3, Map.of("KEEPALIVE_INTERVAL", "2", "KEEPALIVE_COUNT", "3"));
    }

    /** h1 and h2 as they are; h3 with a user in its URI, so that migrations to it are managed. */
    static String seed() {
        return "h1=" + Lab.uri("h1") + ",h2=" + Lab.uri("h2") + ",h3=qemu+tcp://lab@" + Lab.address("h3") + "/system";
    }

    static Map<String, String> quickToNotice(String... more) {
        return Map.of(
                "JAVA_OPTS",
                "-Ddrover.keepalive=PT10S -Ddrover.pool.keepalive-interval=PT2S -Ddrover.pool.keepalive-count=3"
                        + " -Ddrover.pool.max-backoff=PT4S " + String.join(" ", more));
    }
}
