package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.transport.Target;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a migrate call as those of libvirt's peer-to-peer call.
 *
 * @param destination URI at which the source host reaches the destination's daemon
 */
record PeerToPeer(String destination, Set<MigrateFlag> flags, MigrateParams params) {

    /**
     * Works them out; the arguments must have passed the check already.
     *
     * @throws HypervisorException {@code INVALID_ARGUMENT} when the source cannot reach the destination under its URI
     */
    static PeerToPeer of(
            ConnectUri source,
            ConnectUri destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params) {
        String host = check(source, destination);
        Set<MigrateFlag> all = EnumSet.of(MigrateFlag.PEER2PEER);
        all.addAll(flags);
        return new PeerToPeer(
                Target.asSeenFromElsewhere(destination).toString(),
                all,
                ArgumentsOnTheWire.of(() -> host, dname, hostname, params));
    }

    /**
     * The destination's host as the source reaches it.
     *
     * @throws HypervisorException as {@link #of}
     */
    static String check(ConnectUri source, ConnectUri destination) {
        if (!destination.driver().equals(source.driver())) {
            throw refused("destination: a domain of " + source.driver() + " cannot go to " + destination.driver());
        }
        if (destination.equals(source)) {
            throw refused("destination: " + destination + " is the source itself; name another host");
        }
        String host = destination
                .host()
                .orElseThrow(() -> refused("mode: PEER_TO_PEER needs a destination that the source can reach, but "
                        + destination + " names no host; register it with its host name, or choose the mode MANAGED"));
        if (ModeRule.isLoopback(host) && !isForwarded(host, source)) {
            throw refused("mode: PEER_TO_PEER needs a destination that the source can reach, but it would reach itself "
                    + "at " + host + "; register the destination with its own name, or choose the mode MANAGED");
        }
        return host;
    }

    // libvirt refuses every name that begins with localhost. A source that is itself known by this machine's loopback
    // has
    // it in common with us, so that forwarded ports lead on from there
    private static boolean isForwarded(String host, ConnectUri source) {
        return !host.toLowerCase(Locale.ROOT).startsWith("localhost")
                && source.host().filter(own -> !ModeRule.isLoopback(own)).isEmpty();
    }

    private static HypervisorException refused(String why) {
        return new HypervisorException(FailureCode.INVALID_ARGUMENT, why);
    }
}
