package dev.drover.driver.libvirt.transport;

import dev.drover.model.ConnectUri;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The command line of OpenSSH for one connect URI. It never prompts, forwards nothing and shares no master connection.
 * No part of the URI can become an option or a word of the remote shell: parts are matched against what they may be
 * made of, options end before the host, and what the remote shell gets is quoted.
 */
final class SshCommand {

    static final Set<String> PARAMETERS = Set.of(
            "mode",
            "proxy",
            "command",
            "socket",
            "netcat",
            "keyfile",
            "no_verify",
            "no_tty",
            "known_hosts",
            "known_hosts_verify");

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._@+-]*");
    private static final String SYSTEM_SOCKET = "/var/run/libvirt/libvirt-sock";

    // $1 the URI, $2 netcat, $3 the socket. Netcats that know -q need it to leave when the daemon hangs up.
    private static final String NATIVE = "exec virt-ssh-helper \"$1\"";
    private static final String NETCAT = "if \"$2\" -q 2>&1 | grep \"requires an argument\" >/dev/null 2>&1; "
            + "then exec \"$2\" -q0 -U \"$3\"; else exec \"$2\" -U \"$3\"; fi";
    private static final String AUTO =
            "if command -v virt-ssh-helper >/dev/null 2>&1; then " + NATIVE + "; else " + NETCAT + "; fi";

    private SshCommand() {}

    /** @param name what the daemon is asked to open */
    static List<String> of(ConnectUri uri, String host, String name, UriParameters parameters) {
        if (!HOST.matcher(host).matches()) {
            throw parameters.refused(
                    "host '" + host + "' is none for ssh: letters, digits, dots and dashes, no dash first");
        }
        List<String> command = new ArrayList<>();
        command.add(binary(parameters));
        uri.port().ifPresent(port -> command.addAll(List.of("-p", port.toString())));
        uri.user().ifPresent(user -> {
            if (!USER.matcher(user).matches()) {
                throw parameters.refused(
                        "user '" + user + "' is none for ssh: letters, digits and ._@+-, no dash first");
            }
            command.addAll(List.of("-l", user));
        });
        parameters.path("keyfile").ifPresent(file -> command.addAll(List.of("-i", file.toString())));
        command.addAll(List.of("-T", "-a", "-x", "-e", "none"));
        options(parameters).forEach(option -> command.addAll(List.of("-o", option)));
        command.addAll(List.of("--", host, remote(uri, name, parameters)));
        return command;
    }

    private static String binary(UriParameters parameters) {
        Optional<String> given = parameters.command("command");
        given.ifPresent(path -> parameters.needsPermission("command", "command"));
        return given.orElse("ssh");
    }

    private static List<String> options(UriParameters parameters) {
        if (parameters.text("no_tty").isPresent() && !parameters.flag("no_tty")) {
            throw parameters.refused(
                    "parameter 'no_tty=0' would let ssh ask for a password, and nobody is there; leave it out");
        }
        List<String> options = new ArrayList<>(List.of(
                "BatchMode=yes",
                "ControlMaster=no",
                "ControlPath=none",
                "ClearAllForwardings=yes",
                "PermitLocalCommand=no",
                // ends it when this process dies while the network does too
                "ServerAliveInterval=5",
                "ServerAliveCountMax=5",
                "StrictHostKeyChecking=" + hostKeys(parameters)));
        parameters.path("known_hosts").ifPresent(file -> options.add("UserKnownHostsFile=" + file));
        return options;
    }

    private static String hostKeys(UriParameters parameters) {
        if (parameters.flag("no_verify")) {
            parameters.needsPermission("no_verify", "no_verify");
            return "accept-new";
        }
        String verify = parameters
                .choice("known_hosts_verify", Set.of("normal", "auto", "ignore"))
                .orElse("normal");
        if (verify.equals("normal")) {
            return "yes";
        }
        parameters.needsPermission("known_hosts_verify", "no_verify");
        return verify.equals("auto") ? "accept-new" : "no";
    }

    private static String remote(ConnectUri uri, String name, UriParameters parameters) {
        if (parameters
                .choice("mode", Set.of("auto", "direct", "legacy"))
                .orElse("auto")
                .equals("direct")) {
            throw parameters.refused("parameter 'mode=direct' cannot be had over ssh; leave it out or name the socket");
        }
        Optional<String> socket = parameters.path("socket").map(Object::toString);
        Optional<String> netcat = parameters.command("netcat");
        boolean session = uri.path().equals("/session");
        String proxy = parameters
                .choice("proxy", Set.of("auto", "native", "netcat"))
                .orElse(session && socket.isEmpty() && netcat.isEmpty() ? "native" : "auto");
        if (proxy.equals("native") && (netcat.isPresent() || socket.isPresent())) {
            throw parameters.refused(
                    "parameters 'netcat' and 'socket' mean nothing with proxy=native; leave them or it out");
        }
        boolean byNetcat = proxy.equals("netcat") || socket.isPresent() || netcat.isPresent();
        if (session && byNetcat && socket.isEmpty()) {
            throw parameters.refused("a session's socket is not known from here; name it with the parameter 'socket'");
        }
        String script = byNetcat ? NETCAT : proxy.equals("native") ? NATIVE : AUTO;
        return "sh -c " + quoted(script) + " drover " + quoted(name) + " " + quoted(netcat.orElse("nc")) + " "
                + quoted(socket.orElse(SYSTEM_SOCKET));
    }

    /** The same command, which waits for an answer as long as the network's own patience lasts. */
    static List<String> patient(List<String> command) {
        List<String> patient = new ArrayList<>(command);
        // of options given twice ssh takes the first
        patient.addAll(1, List.of("-o", "ServerAliveInterval=0", "-o", "TCPKeepAlive=no"));
        return patient;
    }

    /** What carries a connection to a UNIX socket of this machine between its standard streams. */
    static List<String> netcat(Path socket) {
        return List.of("sh", "-c", NETCAT, "drover", "", "nc", socket.toString());
    }

    /** One word of a POSIX shell. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
