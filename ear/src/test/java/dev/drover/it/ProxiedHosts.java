package dev.drover.it;

import dev.drover.lab.Lab;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The hosts of the lab as the server knows them in tests that have a hand in what it says to them: each by a proxy. */
final class ProxiedHosts implements AutoCloseable {

    private final Map<String, PhaseProxy> proxies = new TreeMap<>();

    /** @param passage asked for at each message */
    ProxiedHosts(List<String> hosts, Supplier<Passage> passage) throws IOException {
        for (String host : hosts) {
            proxies.put(host, new PhaseProxy(Lab.machine(), host, passage));
        }
    }

    /** For a server's empty registry. */
    String seed() {
        return proxies.entrySet().stream()
                .map(proxy -> proxy.getKey() + "=" + proxy.getValue().uri())
                .collect(Collectors.joining(","));
    }

    @Override
    public void close() throws IOException {
        for (PhaseProxy proxy : proxies.values()) {
            proxy.close();
        }
    }
}
