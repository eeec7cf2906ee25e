package dev.drover.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host, and perhaps a port, on the network: {@code host}, {@code host:port}, {@code 10.0.0.1}, {@code ::1},
 * {@code [::1]:49152}. Nothing is resolved: the name means what the source host takes it for.
 *
 * @param host name or address, without brackets
 */
public record DataAddress(String host, Optional<Integer> port) {

    private static final int MAX_PORT = 65535;
    private static final int MAX_NAME = 253;
    private static final Pattern BRACKETED = Pattern.compile("\\[([^\\[\\]]*)\\](?::(.*))?");
    private static final Pattern PLAIN = Pattern.compile("([^:\\[\\]]*)(?::(.*))?");
    private static final Pattern V4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]+");
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})(?:\\.[A-Za-z0-9_][A-Za-z0-9_-]{0,62})*\\.?");

    /** @return empty when {@code text} is none */
    public static Optional<DataAddress> parse(String text) {
        if (text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("[")) {
            return isV6(text) ? Optional.of(new DataAddress(text, Optional.empty())) : Optional.empty();
        }
        Matcher bracketed = BRACKETED.matcher(text);
        if (bracketed.matches()) {
            return isV6(bracketed.group(1)) ? of(bracketed) : Optional.empty();
        }
        Matcher plain = PLAIN.matcher(text);
        return plain.matches() && isName(plain.group(1)) ? of(plain) : Optional.empty();
    }

    private static Optional<DataAddress> of(Matcher parts) {
        String port = parts.group(2);
        if (port == null) {
            return Optional.of(new DataAddress(parts.group(1), Optional.empty()));
        }
        return isPort(port)
                ? Optional.of(new DataAddress(parts.group(1), Optional.of(Integer.parseInt(port))))
                : Optional.empty();
    }

    private static boolean isPort(String text) {
        return text.matches("\\d{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= MAX_PORT;
    }

    private static boolean isName(String text) {
        boolean looksLikeV4 = text.matches("[0-9.]+");
        return text.length() <= MAX_NAME
                && (looksLikeV4
                        ? V4.matcher(text).matches()
                        : NAME.matcher(text).matches());
    }

    // a text with a colon is never looked up, only read
    private static boolean isV6(String text) {
        if (!text.contains(":") || !V6.matcher(text).matches()) {
            return false;
        }
        try {
            return InetAddress.getByName(text) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether each host takes it for itself. */
    public boolean isLoopback() {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("localhost")
                || (lower.startsWith("127.") && V4.matcher(lower).matches())
                || lower.equals("0.0.0.0")
                || lower.matches("[0:]*:0*[01]?");
    }

    public DataAddress withPort(int other) {
        return new DataAddress(host, Optional.of(other));
    }

    /** As it stands in a URI: an IPv6 address in brackets. */
    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host)
                + port.map(p -> ":" + p).orElse("");
    }
}
