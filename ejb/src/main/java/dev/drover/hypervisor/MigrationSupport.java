package dev.drover.hypervisor;

import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrationLimit;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a hypervisor can do in a migration, so that a plan can say it and a request be refused before it starts.
 *
 * @param hypervisor its name in messages, e.g. {@code QEMU}
 * @param flags flags it takes
 * @param params parameters it takes
 * @param rename whether the domain may get another name (dname)
 * @param verbs what can be done to a migration under way
 */
public record MigrationSupport(
        String hypervisor, Set<MigrateFlag> flags, Set<MigrateParam> params, boolean rename, Set<Verb> verbs) {

    /** What can be asked of a migration under way. */
    public enum Verb {
        ABORT,
        SET_MAX_SPEED,
        SET_MAX_DOWNTIME,
        START_POST_COPY,
        PROGRESS
    }

    public MigrationSupport {
        flags = Set.copyOf(flags);
        params = Set.copyOf(params);
        verbs = Set.copyOf(verbs);
    }

    /** What nobody can do to a migration of this hypervisor. */
    public Set<MigrationLimit> limits() {
        Set<MigrationLimit> limits = EnumSet.noneOf(MigrationLimit.class);
        if (!verbs.contains(Verb.ABORT)) {
            limits.add(MigrationLimit.NO_ABORT);
        }
        if (!verbs.contains(Verb.SET_MAX_SPEED) && !params.contains(MigrateParam.BANDWIDTH)) {
            limits.add(MigrationLimit.NO_THROTTLE);
        }
        if (!verbs.contains(Verb.PROGRESS)) {
            limits.add(MigrationLimit.NO_PROGRESS);
        }
        return limits;
    }
}
