package dev.drover.migration;

import dev.drover.hypervisor.ManagedPostCopy;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import java.util.Set;

/**
 * Post-copy where the hosts drive the migration themselves. In one that Drover drives, the destination keeps its copy only
 * as long as the connection lasts that had it made: there it takes a process that holds that connection when this server
 * dies, which the operator must want (src/docs/adr/0013-held-copies.md).
 */
final class PostCopyRule {

    private PostCopyRule() {}

    /** Whether Drover may switch to post-copy by itself. @param job the migration at its hosts */
    static boolean permits(Migration underWay, MigrationJob job) {
        return underWay.arguments().flags().contains(MigrateFlag.POSTCOPY) && outlives(underWay, job);
    }

    private static boolean outlives(Migration underWay, MigrationJob job) {
        return !underWay.isManaged() || job.isHeldInPostCopy();
    }

    /** @throws FailureException {@link FailureCode#ARGUMENT_UNSUPPORTED} for one that this server's death would lose */
    static void check(
            MigrationMode mode, Set<MigrateFlag> flags, MigrationSupport source, MigrationSupport destination) {
        boolean held = source.can(Verb.HELD_POST_COPY) && destination.can(Verb.HELD_POST_COPY);
        if (mode == MigrationMode.MANAGED && flags.contains(MigrateFlag.POSTCOPY) && !held) {
            throw refusal();
        }
    }

    /**
     * For one that is under way: it may have been taken when it was not refused, or another server drives it.
     *
     * @throws FailureException {@link FailureCode#ARGUMENT_UNSUPPORTED}
     */
    static void check(Migration underWay, MigrationJob job) {
        if (!outlives(underWay, job)) {
            throw new FailureException(
                    FailureCode.ARGUMENT_UNSUPPORTED,
                    "migration: " + underWay.id() + " of '" + underWay.domainName()
                            + "' is managed, and this server does not hold its copy on the destination: after a switch to"
                            + " post-copy the guest would be lost with whoever drives it; let it end, or abort it and start"
                            + " it anew");
        }
    }

    private static FailureException refusal() {
        return new FailureException(
                FailureCode.ARGUMENT_UNSUPPORTED,
                "flags: POSTCOPY needs a migration that the hosts drive themselves (mode PEER_TO_PEER): in one that Drover"
                        + " drives (MANAGED) the guest would be lost if this server died after the switch; leave POSTCOPY"
                        + " out, give a destination URI that the source host can use itself, or set "
                        + ManagedPostCopy.PROPERTY + "=held, with libvirt from 8.5.0 on at both hosts");
    }
}
