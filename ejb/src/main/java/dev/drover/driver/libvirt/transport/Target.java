package dev.drover.driver.libvirt.transport;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * All that a connect URI asks for, checked. Parameters mean what libvirt documents; one that the transport does not
 * know is refused.
 *
 * @param name what the daemon is asked to open, e.g. {@code qemu:///system}
 * @param host the daemon's host as SASL and the credentials know it; {@code localhost} for a UNIX socket
 * @param user the name to log in with by SASL, when the URI says so
 * @param sasl whether the URI insists on SASL
 * @param mechanism the SASL mechanism that the URI insists on
 * @param authfile credentials file that the URI names
 */
public record Target(
        Endpoint endpoint,
        String name,
        String host,
        Optional<String> user,
        boolean sasl,
        Optional<String> mechanism,
        Optional<Path> authfile) {

    private static final int TCP_PORT = 16509;
    private static final int TLS_PORT = 16514;
    private static final Set<String> COMMON = Set.of("name", "auth", "authfile");
    private static final Set<String> LOCAL =
            Set.of("pkipath", "authfile", "keyfile", "known_hosts", "known_hosts_verify", "command");
    private static final Pattern MECHANISM = Pattern.compile("[A-Z0-9_-]{1,20}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9+.:/_?&=%@,-]+");

    /** @throws HypervisorException naming the part that does not fit, before anything is connected */
    public static Target of(ConnectUri uri, Settings settings) {
        String transport = uri.transport().orElse(uri.isRemote() ? "tls" : "unix");
        var parameters = new UriParameters(uri, settings);
        Endpoint endpoint =
                switch (transport) {
                    case "tcp" -> {
                        refuseAllBut(parameters, transport, Set.of());
                        yield new Endpoint.Tcp(
                                host(uri, parameters, transport), uri.port().orElse(TCP_PORT));
                    }
                    case "tls" -> tls(uri, parameters);
                    case "unix" -> unix(uri, parameters, settings);
                    case "ssh" -> {
                        refuseAllBut(parameters, transport, SshCommand.PARAMETERS);
                        yield new Endpoint.Ssh(SshCommand.of(
                                uri, host(uri, parameters, transport), name(uri, parameters), parameters));
                    }
                    default ->
                        throw new HypervisorException(
                                FailureCode.NO_SUPPORT,
                                "uri '" + uri + "': transport " + transport
                                        + " is not supported; use +unix, +tcp, +tls or +ssh");
                };
        Optional<String> auth = parameters.text("auth");
        return new Target(
                endpoint,
                name(uri, parameters),
                uri.host().orElse("localhost"),
                transport.equals("ssh") ? Optional.empty() : uri.user(),
                auth.isPresent(),
                auth.flatMap(value -> mechanism(value, parameters)),
                parameters.path("authfile"));
    }

    /** The URI for a daemon that shall connect there itself: without what names files of this machine. */
    public static ConnectUri asSeenFromElsewhere(ConnectUri uri) {
        Map<String, String> parameters = new LinkedHashMap<>(uri.parameters());
        parameters.keySet().removeAll(LOCAL);
        return new ConnectUri(
                uri.driver(), uri.transport(), uri.user(), uri.host(), uri.port(), uri.path(), parameters);
    }

    private static void refuseAllBut(UriParameters parameters, String transport, Set<String> own) {
        List<String> known = new ArrayList<>(COMMON);
        known.addAll(own);
        parameters.refuseAllBut(known, transport);
    }

    private static String host(ConnectUri uri, UriParameters parameters, String transport) {
        return uri.host().orElseThrow(() -> parameters.refused("+" + transport + " needs a host name"));
    }

    private static Endpoint tls(ConnectUri uri, UriParameters parameters) {
        refuseAllBut(parameters, "tls", Set.of("tls_priority", "no_verify", "pkipath"));
        if (parameters.text("tls_priority").isPresent()) {
            throw new HypervisorException(
                    FailureCode.NO_SUPPORT,
                    "uri '" + uri
                            + "': parameter 'tls_priority' is in GnuTLS's words, which Java does not know; leave it out"
                            + " (TLS 1.2 and 1.3 are spoken, narrowed by the JDK's jdk.tls.disabledAlgorithms)");
        }
        boolean blind = parameters.flag("no_verify");
        if (blind) {
            parameters.needsPermission("no_verify", "no_verify");
        }
        return new Endpoint.Tls(
                host(uri, parameters, "tls"), uri.port().orElse(TLS_PORT), parameters.path("pkipath"), !blind);
    }

    private static Endpoint unix(ConnectUri uri, UriParameters parameters, Settings settings) {
        refuseAllBut(parameters, "unix", Set.of("socket", "mode"));
        if (uri.isRemote() || uri.port().isPresent()) {
            throw parameters.refused("+unix reaches this machine only; leave the host name out");
        }
        Path folder =
                uri.path().equals("/session") ? settings.runtime().resolve("libvirt") : Path.of("/var/run/libvirt");
        Path direct = folder.resolve("virt" + uri.driver() + "d-sock");
        Path legacy = folder.resolve("libvirt-sock");
        List<Path> places =
                switch (parameters
                        .choice("mode", Set.of("auto", "direct", "legacy"))
                        .orElse("auto")) {
                    case "direct" -> List.of(direct);
                    case "legacy" -> List.of(legacy);
                    default -> List.of(direct, legacy);
                };
        return new Endpoint.Unix(parameters.path("socket").map(List::of).orElse(places));
    }

    private static String name(ConnectUri uri, UriParameters parameters) {
        return parameters
                .text("name")
                .map(name -> {
                    if (!NAME.matcher(name).matches()) {
                        throw parameters.refused("parameter 'name' must be a connect URI such as qemu:///system");
                    }
                    return name;
                })
                .orElse(uri.driver() + "://" + (uri.path().isEmpty() ? "/system" : uri.path()));
    }

    private static Optional<String> mechanism(String auth, UriParameters parameters) {
        if (auth.equals("sasl")) {
            return Optional.empty();
        }
        if (auth.equals("polkit")) {
            throw parameters.refused("auth=polkit asks a person at a desktop, which a server has not; use auth=sasl");
        }
        String mechanism =
                auth.startsWith("sasl.") ? auth.substring("sasl.".length()).toUpperCase(Locale.ROOT) : "";
        if (!MECHANISM.matcher(mechanism).matches()) {
            throw parameters.refused("parameter 'auth' must be sasl or sasl.MECHANISM, as in sasl.scram-sha-256");
        }
        return Optional.of(mechanism);
    }
}
