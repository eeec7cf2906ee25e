package dev.drover.driver.libvirt.transport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a daemon listens and what carries the bytes there. */
public sealed interface Endpoint {

    /** Whether nobody on the way can read along, so that a plain password may be sent. */
    boolean isPrivate();

    /** Unencrypted TCP. */
    record Tcp(String host, int port) implements Endpoint {
        @Override
        public boolean isPrivate() {
            return false;
        }
    }

    /**
     * TLS over TCP.
     *
     * @param pkipath folder with the certificates; libvirt's default places when absent
     * @param verify whether the server's certificate and name are checked
     */
    record Tls(String host, int port, Optional<Path> pkipath, boolean verify) implements Endpoint {
        @Override
        public boolean isPrivate() {
            return verify;
        }
    }

    /**
     * A UNIX socket of this machine.
     *
     * @param sockets the first one that exists is taken, else the last
     */
    record Unix(List<Path> sockets) implements Endpoint {
        public Unix {
            sockets = List.copyOf(sockets);
        }

        Path existing() {
            return sockets.stream().filter(Files::exists).findFirst().orElse(sockets.get(sockets.size() - 1));
        }

        @Override
        public boolean isPrivate() {
            return true;
        }
    }

    /** OpenSSH, run as a process of its own. @param command the whole command, ssh's name first */
    record Ssh(List<String> command) implements Endpoint {
        public Ssh {
            command = List.copyOf(command);
        }

        @Override
        public boolean isPrivate() {
            return true;
        }
    }
}
