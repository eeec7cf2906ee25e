package dev.drover.driver.libvirt;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The arguments of a migrate call as those of libvirt's managed calls, where this client takes the steps. Pure. */
record ManagedCall(Set<MigrateFlag> flags, MigrateParams params) {

    /**
     * Works them out; the arguments must have passed the check already.
     *
     * @param ownName the destination's name as it knows itself; asked only when its URI names no host and one is needed
     * @throws HypervisorException {@code INVALID_ARGUMENT} when the hosts or the flags do not fit
     */
    static ManagedCall of(
            ConnectUri source,
            ConnectUri destination,
            Supplier<String> ownName,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params) {
        if (!destination.driver().equals(source.driver())) {
            throw refused("destination: a domain of " + source.driver() + " cannot go to " + destination.driver());
        }
        if (destination.equals(source)) {
            throw refused("destination: " + destination + " is the source itself; name another host");
        }
        Set<MigrateFlag> all = EnumSet.noneOf(MigrateFlag.class);
        all.addAll(flags);
        // the source is told so in any case, and the destination may be too old to know it
        all.remove(MigrateFlag.CHANGE_PROTECTION);
        return new ManagedCall(
                all,
                ArgumentsOnTheWire.of(
                        () -> destination
                                .host()
                                .filter(host -> !ModeRule.isLoopback(host))
                                .orElseGet(ownName),
                        dname,
                        hostname,
                        params));
    }

    private static HypervisorException refused(String why) {
        return new HypervisorException(FailureCode.INVALID_ARGUMENT, why);
    }
}
