package dev.drover.migration;

import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The last four arguments of {@code migrate(domain, destination, flags, dname, hostname, params)}, and who drives it.
 *
 * @param dname new name, or null to keep it
 * @param hostname where the destination is reached for the data, or null to have it worked out
 * @param mode who drives it, or null to have that worked out
 */
public record MigrateArguments(
        Set<MigrateFlag> flags,
        @Nullable String dname,
        @Nullable String hostname,
        MigrateParams params,
        @Nullable MigrationMode mode) {

    public MigrateArguments {
        flags = Set.copyOf(flags);
    }

    /** Whoever is fit to drive it. */
    public MigrateArguments(
            Set<MigrateFlag> flags, @Nullable String dname, @Nullable String hostname, MigrateParams params) {
        this(flags, dname, hostname, params, null);
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

    /** Whether it is for a domain that does not run: its definition is all that moves. */
    public boolean movesDefinition() {
        return flags.contains(MigrateFlag.OFFLINE);
    }

    /** The flags in libvirt's order. */
    public Set<MigrateFlag> sortedFlags() {
        return new TreeSet<>(flags);
    }
}
