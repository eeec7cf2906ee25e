package dev.drover.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A libvirt connect URI, {@code driver[+transport]://[user@][host][:port]/[path][?parameters]}. Passwords are refused,
 * so it may be shown and logged. Two URIs are equal when their canonical text is.
 *
 * @param driver hypervisor driver in lower case: {@code qemu}, {@code xen}, {@code sim}, …
 * @param transport transport after the plus sign, if any
 * @param user user name, if any
 * @param host host name or address without brackets, if any
 * @param port port, if any, 1..65535
 * @param path path with its leading slash, or empty
 * @param parameters query parameters in their order, values decoded
 */
public record ConnectUri(
        String driver,
        Optional<String> transport,
        Optional<String> user,
        Optional<String> host,
        Optional<Integer> port,
        String path,
        Map<String, String> parameters) {

    private static final Pattern SCHEME = Pattern.compile("([a-z][a-z0-9]*)(?:\\+([a-z][a-z0-9]*))?");

    public ConnectUri {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /** @throws FailureException {@link FailureCode#INVALID_ARGUMENT} when {@code text} is no connect URI */
    public static ConnectUri parse(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw malformed(text, e.getReason());
        }
        if (uri.getScheme() == null || uri.isOpaque()) {
            throw malformed(text, "it lacks driver://");
        }
        var scheme = SCHEME.matcher(uri.getScheme().toLowerCase(Locale.ROOT));
        if (!scheme.matches()) {
            throw malformed(text, "the scheme is not driver or driver+transport");
        }
        if (uri.getRawAuthority() != null && uri.getHost() == null) {
            throw malformed(text, "the host or port is not valid");
        }
        if (uri.getRawFragment() != null) {
            throw malformed(text, "a fragment (#…) has no meaning");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            throw malformed(text, "the port must be 1..65535");
        }
        String user = uri.getUserInfo();
        if (user != null && user.contains(":")) {
            throw malformed(text, "a password may not stand in it; use the credential store");
        }
        return new ConnectUri(
                scheme.group(1),
                Optional.ofNullable(scheme.group(2)),
                Optional.ofNullable(user),
                Optional.ofNullable(uri.getHost()).map(ConnectUri::withoutBrackets),
                uri.getPort() < 0 ? Optional.empty() : Optional.of(uri.getPort()),
                uri.getPath() == null ? "" : uri.getPath(),
                parameters(text, uri.getRawQuery()));
    }

    private static Map<String, String> parameters(String text, String rawQuery) {
        Map<String, String> found = new LinkedHashMap<>();
        if (rawQuery == null || rawQuery.isEmpty()) {
            return found;
        }
        for (String pair : List.of(rawQuery.split("[&;]"))) {
            int equals = pair.indexOf('=');
            String name = decode(text, equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(text, pair.substring(equals + 1));
            if (name.isEmpty()) {
                throw malformed(text, "a parameter lacks its name");
            }
            if (name.toLowerCase(Locale.ROOT).contains("password")) {
                throw malformed(text, "a password may not stand in it; use the credential store");
            }
            if (found.put(name, value) != null) {
                throw malformed(text, "parameter '" + name + "' stands twice");
            }
        }
        return found;
    }

    private static String decode(String text, String part) {
        try {
            return java.net.URLDecoder.decode(part.replace("+", "%2B"), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed(text, "a % escape is not valid");
        }
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static FailureException malformed(String text, String reason) {
        // what stands before an @ may be a password
        String shown = text.replaceAll("//[^/@]*@", "//…@").replaceAll("(?i)(password[^=]*=)[^&;]*", "$1…");
        shown = shown.length() > 200 ? shown.substring(0, 200) + "…" : shown;
        return new FailureException(
                FailureCode.INVALID_ARGUMENT,
                "uri '" + shown + "' is not a connect URI: " + reason
                        + ". Expected driver[+transport]://[user@][host][:port]/[path], as in qemu+tcp://host/system");
    }

    /** Whether a host on the network is named, so that another host can connect to it too. */
    public boolean isRemote() {
        return host.isPresent();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConnectUri that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    /** The canonical text, fit for libvirt. */
    @Override
    public String toString() {
        var text = new StringBuilder(driver);
        transport.ifPresent(t -> text.append('+').append(t));
        text.append("://");
        user.ifPresent(u -> text.append(encode(u)).append('@'));
        host.ifPresent(h -> text.append(h.contains(":") ? "[" + h + "]" : h));
        port.ifPresent(p -> text.append(':').append(p));
        text.append(path);
        List<String> query = new ArrayList<>();
        parameters.forEach((name, value) -> query.add(encode(name) + "=" + encode(value)));
        if (!query.isEmpty()) {
            text.append('?').append(String.join("&", query));
        }
        return text.toString();
    }

    private static String encode(String part) {
        return java.net.URLEncoder.encode(part, java.nio.charset.StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }
}
