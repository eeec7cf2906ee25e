package dev.drover.migration;

import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import java.util.Set;

/**
 * Post-copy only where the hosts drive the migration themselves. In one that Drover drives, the destination keeps its copy
 * only as long as Drover's connection lasts: src/docs/adr/0012-no-managed-post-copy.md.
 */
final class PostCopyRule {

    private PostCopyRule() {}

    /** Whether Drover may switch to post-copy by itself. */
    static boolean permits(Migration underWay) {
        return underWay.arguments().flags().contains(MigrateFlag.POSTCOPY) && !underWay.isManaged();
    }

    /** @throws FailureException {@link FailureCode#ARGUMENT_UNSUPPORTED} for a migration that Drover would drive */
    static void check(MigrationMode mode, Set<MigrateFlag> flags) {
        if (mode == MigrationMode.MANAGED && flags.contains(MigrateFlag.POSTCOPY)) {
            throw refusal();
        }
    }

    /** For one that was taken before it was refused. */
    static void check(Migration underWay) {
        if (underWay.isManaged()) {
            throw refusal();
        }
    }

    private static FailureException refusal() {
        return new FailureException(
                FailureCode.ARGUMENT_UNSUPPORTED,
                "flags: POSTCOPY needs a migration that the hosts drive themselves (mode PEER_TO_PEER): in one that Drover"
                        + " drives (MANAGED) the guest would be lost if this server died after the switch; leave POSTCOPY"
                        + " out, or give a destination URI that the source host can use itself");
    }
}
