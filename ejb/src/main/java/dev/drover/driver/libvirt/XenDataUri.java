package dev.drover.driver.libvirt;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.DataAddress;
import dev.drover.model.FailureCode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What Xen's driver of libvirt takes as {@code migrate_uri}: the destination binds its host, then tells it the source. */
final class XenDataUri {

    private static final String TCP = "tcp://";

    private XenDataUri() {}

    /** @throws HypervisorException for what it would not understand, or hand on in a form that the source cannot read */
    static DataAddress parse(String uri) {
        String rest = uri.startsWith(TCP) ? uri.substring(TCP.length()) : uri;
        DataAddress address = DataAddress.parse(rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest)
                .orElseThrow(() -> refused(
                        uri,
                        "is not what Xen understands; give tcp://host or tcp://host:port with a port of 1..65535"));
        // the destination would listen there and name it to the source without brackets
        if (address.host().contains(":")) {
            throw refused(uri, "is an address of IPv6, which Xen's hosts cannot tell each other; give a name or IPv4");
        }
        return address;
    }

    /**
     * Refuses an address that is known to be the source's. An address that neither host is known by may still be one of
     * the destination's other networks, which nobody but it knows: that is let through.
     */
    static void refuseForeign(DataAddress address, LibvirtConnection source, LibvirtConnection target) {
        String host = address.host().toLowerCase(Locale.ROOT);
        if (!knownBy(target).contains(host) && knownBy(source).contains(host)) {
            throw refused(
                    TCP + address,
                    "names the source " + source.hostname() + ", but the destination " + target.hostname()
                            + " must listen there; give an address of the destination, or leave it out");
        }
    }

    private static Set<String> knownBy(LibvirtConnection connection) {
        Set<String> names = new TreeSet<>();
        String own = connection.hostname().toLowerCase(Locale.ROOT);
        names.add(own);
        names.add(own.replaceFirst("\\..*", ""));
        connection.uri().host().filter(host -> !ModeRule.isLoopback(host)).ifPresent(host -> {
            names.add(host.toLowerCase(Locale.ROOT));
            names.addAll(addresses(host));
        });
        return names;
    }

    // this machine is connected to it under that name, so it can be resolved; behind a proxy it need not be
    private static Set<String> addresses(String host) {
        Set<String> found = new TreeSet<>();
        try {
            Arrays.stream(InetAddress.getAllByName(host))
                    .map(InetAddress::getHostAddress)
                    .forEach(found::add);
        } catch (UnknownHostException e) {
            return Set.of();
        }
        return found;
    }

    private static HypervisorException refused(String uri, String why) {
        return new HypervisorException(
                FailureCode.INVALID_ARGUMENT,
                "params: 'migrate_uri' (hostname and XEN_PORT make one too): '" + uri + "' " + why);
    }
}
