package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.transport.Target;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.ParamValue.ULongValue;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
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
        if (!destination.driver().equals(source.driver())) {
            throw refused("a domain of " + source.driver() + " cannot go to " + destination.driver());
        }
        if (destination.equals(source)) {
            throw refused(destination + " is the source itself; name another host");
        }
        String host = destination
                .host()
                .orElseThrow(() -> refused(
                        destination + " names no host, so the source cannot reach it; register it with its host name, "
                                + "or choose the mode MANAGED"));
        if (ModeRule.isLoopback(host) && !isForwarded(host, source)) {
            throw refused("the source would reach itself at " + host
                    + "; register the destination with its own name, or choose the mode MANAGED");
        }
        Set<MigrateFlag> all = EnumSet.of(MigrateFlag.PEER2PEER);
        all.addAll(flags);
        return new PeerToPeer(
                Target.asSeenFromElsewhere(destination).toString(),
                all,
                ofLibvirt(source.driver(), () -> host, dname, hostname, params));
    }

    /**
     * The proposal's own arguments and the two Xen parameters, in the words of today's API.
     *
     * @param host the destination's, asked for only when a port is given without a hostname
     */
    static MigrateParams ofLibvirt(
            String driver,
            Supplier<String> host,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params) {
        MigrateParams all = params.without(MigrateParam.XEN_PORT).without(MigrateParam.XEN_RESOURCE);
        if (dname != null) {
            all = all.with(MigrateParam.DESTINATION_NAME, new StringValue(dname));
        }
        var port = params.number(MigrateParam.XEN_PORT);
        if (port.isPresent() || hostname != null) {
            String target = bracketed(hostname == null ? host.get() : hostname);
            String uri = "tcp://" + target + port.map(p -> ":" + p).orElse("");
            all = all.with(MigrateParam.MIGRATE_URI, new StringValue(uri));
        }
        long megabits = params.number(MigrateParam.XEN_RESOURCE).orElse(0L);
        if (megabits > 0) {
            if (driver.equals("xen")) {
                throw new HypervisorException(
                        FailureCode.ARGUMENT_UNSUPPORTED,
                        "params: XEN_RESOURCE: libvirt's Xen driver cannot limit a migration; leave it out");
            }
            all = all.with(MigrateParam.BANDWIDTH, new ULongValue(mebibytesPerSecond(megabits)));
        }
        return all;
    }

    /** Mbit/s as MiB/s, rounded up, at least 1. */
    static long mebibytesPerSecond(long megabitsPerSecond) {
        double bytes = megabitsPerSecond * 1_000_000.0 / 8;
        return Math.max(1, (long) Math.ceil(bytes / (1024 * 1024)));
    }

    // an IPv6 address has two colons at least, a name or IPv4 address with a port has one
    private static String bracketed(String host) {
        boolean bareV6 = host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("[");
        return bareV6 ? "[" + host + "]" : host;
    }

    // libvirt refuses every name that begins with localhost. A source that is itself known by this machine's loopback
    // has
    // it in common with us, so that forwarded ports lead on from there
    private static boolean isForwarded(String host, ConnectUri source) {
        return !host.toLowerCase(Locale.ROOT).startsWith("localhost")
                && source.host().filter(own -> !ModeRule.isLoopback(own)).isEmpty();
    }

    private static HypervisorException refused(String why) {
        return new HypervisorException(FailureCode.INVALID_ARGUMENT, "destination: " + why);
    }
}
