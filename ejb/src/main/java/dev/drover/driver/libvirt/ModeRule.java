package dev.drover.driver.libvirt;

import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.ConnectUri;
import dev.drover.model.MigrateFlag;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Who drives a migration, when nobody has said it. Peer to peer, because such a migration goes on when this client dies;
 * managed where the source host cannot log in to the destination, as far as that can be known before it is tried:
 *
 * <ul>
 *   <li>the destination's URI names no host, or one that every host takes for itself ({@code localhost});
 *   <li>it is reached by ssh, with a key that this machine has and the source need not have;
 *   <li>it names a user, who has a password in this server's credential store and nowhere else;
 *   <li>it names files or commands of this machine (a certificate folder, a socket, a key, credentials).
 * </ul>
 *
 * Xen is always peer to peer: there, a managed migration whose second step fails leaves a job behind that only a restart
 * of the source's daemon ends (LIBVIRT.md). The flags PEER2PEER and TUNNELLED mean peer to peer. The setting
 * {@code drover.migration.mode} ({@code auto}, {@code peer-to-peer}, {@code managed}) replaces the rule, and a request that
 * names a mode replaces both.
 */
final class ModeRule {

    private static final Set<String> SSH = Set.of("ssh", "libssh", "libssh2", "ext");
    private static final Set<String> OF_THIS_MACHINE = Set.of(
            "pkipath",
            "socket",
            "keyfile",
            "known_hosts",
            "known_hosts_verify",
            "authfile",
            "sshauth",
            "command",
            "netcat",
            "proxy");

    private ModeRule() {}

    /** @param preset what the operator wants wherever a request leaves it open; empty for the rule */
    static MigrationMode choose(Optional<MigrationMode> preset, ConnectUri destination, Set<MigrateFlag> flags) {
        if (flags.contains(MigrateFlag.PEER2PEER) || flags.contains(MigrateFlag.TUNNELLED)) {
            return MigrationMode.PEER_TO_PEER;
        }
        if (preset.isPresent()) {
            return preset.get();
        }
        if (destination.driver().equals("xen")) {
            return MigrationMode.PEER_TO_PEER;
        }
        return sourceCanLogIn(destination) ? MigrationMode.PEER_TO_PEER : MigrationMode.MANAGED;
    }

    private static boolean sourceCanLogIn(ConnectUri destination) {
        return destination.host().filter(host -> !isLoopback(host)).isPresent()
                && destination.transport().filter(SSH::contains).isEmpty()
                && destination.user().isEmpty()
                && destination.parameters().keySet().stream().noneMatch(OF_THIS_MACHINE::contains);
    }

    /** Whether every host takes that name or address for itself. */
    static boolean isLoopback(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return lower.startsWith("localhost") || lower.startsWith("127.") || lower.equals("::1");
    }
}
