package dev.drover.migration;

import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The last four arguments of {@code migrate(domain, destination, flags, dname, hostname, params)}.
 *
 * @param dname new name, or null to keep it
 * @param hostname where the destination is reached for the data, or null to have it worked out
 */
public record MigrateArguments(
        Set<MigrateFlag> flags, @Nullable String dname, @Nullable String hostname, MigrateParams params) {

    public MigrateArguments {
        flags = Set.copyOf(flags);
    }

    /** A live migration and nothing else asked for. */
    public static MigrateArguments live() {
        return new MigrateArguments(Set.of(MigrateFlag.LIVE), null, null, MigrateParams.none());
    }

    /**
     * What empties a host: live, and a domain that the source has defined is from then on defined on the destination
     * instead.
     */
    public static MigrateArguments evacuating(boolean persistent) {
        return persistent
                ? new MigrateArguments(
                        Set.of(MigrateFlag.LIVE, MigrateFlag.PERSIST_DEST, MigrateFlag.UNDEFINE_SOURCE),
                        null,
                        null,
                        MigrateParams.none())
                : live();
    }

    /** The flags in libvirt's order. */
    public Set<MigrateFlag> sortedFlags() {
        return new TreeSet<>(flags);
    }
}
