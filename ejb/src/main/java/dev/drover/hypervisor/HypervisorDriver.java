package dev.drover.hypervisor;

import dev.drover.model.ConnectUri;
import java.util.Map;

/** Opens connections to hypervisors of one kind. Safe for use by many threads; holds no connection itself. */
public interface HypervisorDriver {

    /** A short name for messages, e.g. {@code libvirt}. */
    String name();

    /** Whether {@code uri} names a hypervisor and transport of this driver; says nothing of whether it is there. */
    boolean accepts(ConnectUri uri);

    /**
     * Looks at the URI's parts alone, without connecting.
     *
     * @throws HypervisorException when they do not fit together or ask for what this driver cannot do
     */
    void check(ConnectUri uri);

    /**
     * Opens a connection, ready for calls.
     *
     * @throws HypervisorException when the URI's parts do not fit together, or the host is unreachable or refuses
     */
    HypervisorConnection open(ConnectUri uri, ConnectOptions options);

    /** Hosts by name for a first look, used when the operator has named none. */
    default Map<String, ConnectUri> demoHosts() {
        return Map.of();
    }
}
