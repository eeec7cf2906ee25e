package dev.drover.driver.libvirt.transport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that carries a connection's bytes, as bash starts it.
 *
 * @param name in messages
 * @param advice what to do when it ends with an error
 * @param script of bash; finds the data's socket as descriptor 3 and the one for complaints as 4, both ways open
 * @param arguments of the script
 * @param endsWithConnection whether it is ended when the connection is; else it sees to its own end
 */
record Program(String name, String advice, String script, List<String> arguments, boolean endsWithConnection) {

    private static final String SSH_ADVICE = "see whether the same ssh works for the user that this server runs as";
    private static final String BECOME_SSH = """
            exec "$@" <&3 >&3 2>&4 3>&- 4>&-
            """;
    // In a process group of its own, and deaf to what ends a terminal or a service. The first part of the pipe keeps
    // the way to the destination open while the file is there, and then ends all three; the last one reads on when
    // nobody listens any more, and ends all three when the destination has hung up.
    private static final String HOLD =
            """
            trap '' INT HUP TERM
            held=$1
            shift
            tcp() {
              exec 5<>"/dev/tcp/$1/$2" || return
              cat <&0 >&5 &
              cat <&5
            }
            set -m && [[ $- == *m* ]] || exit 1
            { cat <&3; while [ -e "$held" ]; do sleep 1; done; kill -9 0; } |
              "$@" 2>&4 |
              { cat >&3; cat >/dev/null; kill -9 0; } &
            exec 3>&- 4>&-
            wait
            """;

    Program {
        arguments = List.copyOf(arguments);
    }

    /** OpenSSH itself. @param command the whole command, ssh's name first */
    static Program ssh(List<String> command) {
        return new Program("ssh", SSH_ADVICE, BECOME_SSH, command, true);
    }

    /**
     * One that outlives this process: as long as a file is there, the connection stays open from its other end's point of
     * view, whatever becomes of this end. Without the file it ends with this end.
     *
     * @param held the file, which need not be there yet
     */
    static Program holding(Endpoint endpoint, Path held) {
        List<String> arguments = new ArrayList<>(List.of(held.toString()));
        arguments.addAll(way(endpoint));
        return endpoint instanceof Endpoint.Ssh
                ? new Program("ssh", SSH_ADVICE, HOLD, arguments, false)
                : new Program("its carrier", "see whether libvirtd listens there", HOLD, arguments, false);
    }

    private static List<String> way(Endpoint endpoint) {
        if (endpoint instanceof Endpoint.Tcp tcp) {
            return List.of("tcp", tcp.host(), Integer.toString(tcp.port()));
        } else if (endpoint instanceof Endpoint.Tls tls) {
            return List.of("tcp", tls.host(), Integer.toString(tls.port()));
        } else if (endpoint instanceof Endpoint.Unix unix) {
            return SshCommand.netcat(unix.existing());
        }
        return SshCommand.patient(((Endpoint.Ssh) endpoint).command());
    }
}
