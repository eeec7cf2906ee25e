package dev.drover.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** How a text argument must be written; each shape tells what is wrong with a text that is not. */
public enum TextShape {
    DOMAIN_NAME("a domain's name: no '/', no control character, at most 247 bytes", TextShape::nameFault),
    HOST("a host name or address without port", text -> address(text, false)),
    HOST_AND_PORT("a host name or address, with or without port; not a loopback one", text -> address(text, true)),
    DATA_URI("tcp://host[:port], rdma://host[:port] or unix:///path", TextShape::dataUri),
    DISKS_URI("tcp://host[:port] or unix:///path", TextShape::disksUri),
    GRAPHICS_URI("spice://host[:port] or vnc://host[:port]", TextShape::graphicsUri),
    DISK_TARGET("a disk's target, as vda", text -> text.matches("[a-zA-Z0-9]{2,32}") ? "" : "it is no disk's target"),
    METHOD("a compression method", text -> text.matches("[a-z]+") ? "" : "it is no method's name"),
    XML("a domain's XML", text -> "");

    // libvirt writes NAME.xml.new, and a file's name ends at 255 bytes
    private static final int MAX_NAME = 247;

    private final String words;
    private final Function<String, String> fault;

    TextShape(String words, Function<String, String> fault) {
        this.words = words;
        this.fault = fault;
    }

    /** The shape in words. */
    public String words() {
        return words;
    }

    /** What is wrong with {@code text}; empty when nothing is. */
    public Optional<String> fault(String text) {
        String found = fault.apply(text);
        return found.isEmpty() ? Optional.empty() : Optional.of(found);
    }

    private static String nameFault(String name) {
        if (name.contains("/")) {
            return "it contains '/'";
        }
        if (name.chars().anyMatch(Character::isISOControl)) {
            return "it contains a control character";
        }
        if (!name.equals(name.strip())) {
            return "it begins or ends with a blank";
        }
        if (name.equals(".") || name.equals("..")) {
            return "a file could not be named so";
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= MAX_NAME ? "" : "it has " + bytes + " bytes";
    }

    private static String address(String text, boolean reachable) {
        Optional<DataAddress> address = DataAddress.parse(text);
        if (address.isEmpty()) {
            return "it is no host name or address";
        }
        if (!reachable) {
            return address.get().port().isPresent() ? "it has a port" : "";
        }
        return address.get().isLoopback() ? "seen from the source it is the source itself" : "";
    }

    private static String dataUri(String text) {
        return uri(text, Set.of("tcp", "rdma"), true);
    }

    private static String disksUri(String text) {
        return uri(text, Set.of("tcp"), true);
    }

    private static String graphicsUri(String text) {
        String scheme = scheme(text);
        if (!Set.of("spice", "vnc").contains(scheme)) {
            return "its scheme is neither spice nor vnc";
        }
        try {
            return new URI(text).getHost() == null ? "it names no host" : "";
        } catch (URISyntaxException e) {
            return e.getReason();
        }
    }

    /** The scheme before {@code ://}, in lower case; empty without one. */
    public static String scheme(String uri) {
        int end = uri.indexOf(':');
        return end < 1 ? "" : uri.substring(0, end).toLowerCase(Locale.ROOT);
    }

    // a scheme of another hypervisor is for the driver to refuse: only it knows its own
    private static String uri(String text, Set<String> network, boolean unix) {
        String scheme = scheme(text);
        if (unix && scheme.equals("unix")) {
            return text.matches("unix://(/[^/?#\\s]+)+") ? "" : "it names no absolute path of a socket";
        }
        if (!text.startsWith(scheme + "://") || scheme.isEmpty()) {
            return "it has no scheme://";
        }
        if (!network.contains(scheme)) {
            return "";
        }
        String rest = text.substring(scheme.length() + 3).replaceFirst("/$", "");
        if (rest.isEmpty()) {
            return "it names no host";
        }
        return address(rest, true);
    }
}
