package dev.drover.driver.libvirt.transport;

import java.util.List;

/**
 * A program that carries a connection's bytes, as bash starts it.
 *
 * @param name in messages
 * @param advice what to do when it ends with an error
 * @param script of bash; finds the data's socket as descriptor 3 and the one for complaints as 4, both ways open
 * @param arguments of the script
 */
record Program(String name, String advice, String script, List<String> arguments) {

    private static final String SSH_ADVICE = "see whether the same ssh works for the user that this server runs as";
    private static final String BECOME_SSH = """
            exec "$@" <&3 >&3 2>&4 3>&- 4>&-
            """;

    Program {
        arguments = List.copyOf(arguments);
    }

    /** OpenSSH itself. @param command the whole command, ssh's name first */
    static Program ssh(List<String> command) {
        return new Program("ssh", SSH_ADVICE, BECOME_SSH, command);
    }
}
