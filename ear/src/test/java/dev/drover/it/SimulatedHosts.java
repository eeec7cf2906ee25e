package dev.drover.it;

import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The demo fleet behind a server, as its REST surface shows it: forty domains on four hosts. */
final class SimulatedHosts {

    static final String SEED = "h1=sim://h1,h2=sim://h2,h3=sim://h3,h4=sim://h4";

    private static final List<String> NAMES = List.of("h1", "h2", "h3", "h4");
    private static final int DOMAINS = 40;

    private final DroverServer server;

    SimulatedHosts(DroverServer server) {
        this.server = server;
    }

    /** Waits until all have been looked at. */
    void awaitAll() throws IOException, InterruptedException {
        DroverServer.await("every domain runs on one host", this::eachDomainRunsOnce);
    }

    /** The names of all that the host has, also of a copy that is only arriving. */
    Set<String> domains(String host) throws IOException, InterruptedException {
        Set<String> names = new TreeSet<>();
        for (JsonObject domain : listed(host)) {
            names.add(domain.getString("name"));
        }
        return names;
    }

    private List<JsonObject> listed(String host) throws IOException, InterruptedException {
        return server.rest().get("hosts/" + host + "/domains").asJsonArray().getValuesAs(JsonValue::asJsonObject);
    }

    /** No copy is missing, there is no second one, and none is arriving. */
    boolean eachDomainRunsOnce() throws IOException, InterruptedException {
        List<JsonObject> copies = new ArrayList<>();
        for (String host : NAMES) {
            copies.addAll(listed(host));
        }
        long running = copies.stream()
                .filter(copy -> copy.getString("state").equals("RUNNING"))
                .map(copy -> copy.getString("name"))
                .distinct()
                .count();
        return copies.size() == DOMAINS && running == DOMAINS;
    }
}
