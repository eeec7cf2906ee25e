package dev.drover.fleet;

import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.Host;
import java.util.Arrays;
import java.util.List;

/** Reads {@code name=uri,name=uri}, the form of DROVER_HOSTS. */
public final class HostSeed {

    private HostSeed() {}

    /** @throws FailureException {@link FailureCode#INVALID_ARGUMENT} naming the entry at fault */
    public static List<Host> parse(String text) {
        return Arrays.stream(text.split(","))
                .filter(entry -> !entry.isBlank())
                .map(HostSeed::host)
                .toList();
    }

    private static Host host(String entry) {
        // a URI's own '=' stands behind its '?', so the first one ends the name
        int equals = entry.indexOf('=');
        if (equals < 0) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT,
                    "DROVER_HOSTS: an entry lacks its '='; expected name=uri,name=uri as in "
                            + "h1=qemu+tcp://h1.example/system,h2=qemu+tcp://h2.example/system");
        }
        return new Host(entry.substring(0, equals).strip(), ConnectUri.parse(entry.substring(equals + 1)));
    }
}
