package dev.drover.driver.simulated;

import dev.drover.driver.simulated.SimulatedMigration.Phase;
import dev.drover.hypervisor.HypervisorEvent.Lifecycle.Kind;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * How a migration ends, well or not, and what it leaves on each host: the tables of what was measured with libvirt and
 * QEMU. Under the fleet's lock.
 */
final class MigrationEnds {

    private static final int RUNNING_MIGRATION_CANCELED = 6;
    private static final int STOPPED_FAILED = 5;

    private final Consumer<SimulatedMigration> forget;

    /** @param forget takes it from the fleet's list of migrations under way */
    MigrationEnds(Consumer<SimulatedMigration> forget) {
        this.forget = forget;
    }

    /** The guest is on the destination and the source has let go. */
    void arrived(SimulatedMigration migration, Told told) {
        forget.accept(migration);
        SimulatedNode node = migration.destination();
        var copy = node.copy(migration.guest().uuid()).map(SimulatedDomain::domain);
        migration.followers().forEach(job -> told.add(() -> arrived(job, node, copy)));
        migration.finisher().ifPresent(finisher -> told.add(() -> finisher.accept(Optional.empty())));
    }

    private static void arrived(SimulatedJob job, SimulatedNode node, Optional<Domain> copy) {
        copy.ifPresentOrElse(
                job::arrived,
                () -> job.failed(
                        Failure.of(FailureCode.NO_DOMAIN, node.name() + " no longer has the domain after its move")));
    }

    /** It broke while whoever drives it lives: the source takes its guest back, as long as it is the source's. */
    void failed(SimulatedMigration migration, Failure why, Told told) {
        switch (migration.phase()) {
            case BEGIN, PREPARE, PERFORM, SWITCHOVER, FINISH -> {
                removeIncoming(migration, told);
                takeBack(migration, told);
            }
            case SWITCHED, UNTOLD -> {
                // the destination gives up what it was not told to run, held or not
                removeIncoming(migration, told);
                breakPostCopy(migration);
            }
            case POST_COPY -> breakPostCopy(migration);
            case CONFIRM -> {
                // the destination was told to run it, and only its answer is missing: nobody knows
            }
            case ENDED -> throw new IllegalStateException("has ended");
        }
        end(migration, why, told);
    }

    /** Whoever drove it died: what was not settled stays as it is. */
    void abandoned(SimulatedMigration migration, Failure why, Told told) {
        if (migration.phase() == Phase.FINISH) {
            // nobody tells the source that the destination never ran it
            removeIncoming(migration, told);
            end(migration, why, told);
        } else {
            failed(migration, why, told);
        }
    }

    /**
     * Whoever drove it died, after it had gone over to post-copy: where its copy is held, the source says that it failed,
     * and the hosts end it by themselves as soon as the destination has been told to run it.
     */
    void leftInPostCopy(SimulatedMigration migration, Failure why, Told told) {
        if (!migration.order().held()) {
            // measured: the destination takes the copy down even while it runs there
            remove(migration, DomainStatus::isPostCopy, told);
            failed(migration, why, told);
            return;
        }
        migration.followers().forEach(job -> told.add(() -> job.failed(why)));
        migration.leaveToHosts();
        standInPostCopy(migration);
    }

    /** Nothing holds the destination's copy any more, and nobody has seen it to its end. */
    void letGo(SimulatedMigration migration, Told told) {
        remove(migration, DomainStatus::isPostCopy, told);
        failed(migration, Failure.of(FailureCode.RPC_ERROR, "the destination's copy was let go of"), told);
    }

    /** The stream of its memory has ended, and both ends have noticed. */
    void brokenOff(SimulatedMigration migration, Told told) {
        failed(
                migration,
                Failure.of(
                        FailureCode.OPERATION_FAILED,
                        "post-copy of '" + migration.guest().name() + "' broke off; recover it"),
                told);
        SimulatedNode node = migration.destination();
        // where only a daemon is gone or the link is cut, the destination goes on saying "in post-copy"
        node.copy(migration.guest().uuid())
                .filter(copy -> copy.status().isPostCopy())
                .ifPresent(copy -> node.put(copy.in(DomainState.RUNNING, DomainStatus.RUNNING_POSTCOPY_FAILED)));
    }

    /** The hosts have not heard of each other for too long. */
    void silent(SimulatedMigration migration, Told told) {
        failed(
                migration,
                Failure.of(
                        FailureCode.HYPERVISOR_ERROR,
                        "internal error: the connection between "
                                + migration.source().name() + " and "
                                + migration.destination().name() + " was closed: no answer to keepalive"),
                told);
    }

    /** The source's copy was ended, by its user or by a crash, before the destination ran it. */
    void guestDied(SimulatedMigration migration, Told told) {
        if (migration.phase() != Phase.CONFIRM && migration.phase() != Phase.POST_COPY) {
            removeIncoming(migration, told);
        }
        if (migration.phase() == Phase.POST_COPY) {
            breakPostCopy(migration);
        }
        end(
                migration,
                Failure.of(
                        FailureCode.OPERATION_FAILED,
                        "domain '" + migration.guest().name() + "' is not running"),
                told);
    }

    private static void removeIncoming(SimulatedMigration migration, Told told) {
        remove(migration, DomainStatus::isPausedForMigration, told);
    }

    private static void remove(SimulatedMigration migration, Predicate<DomainStatus> which, Told told) {
        SimulatedNode node = migration.destination();
        node.copy(migration.guest().uuid())
                .filter(copy -> which.test(copy.status()))
                .ifPresent(copy -> {
                    // a definition that was there before stays; one that came with the migration does not
                    boolean brought = migration.broughtDefinition();
                    node.put(copy.persistent(copy.persistent() && !brought));
                    node.stop(copy.uuid(), 0);
                    node.tell(told, copy, Kind.STOPPED, STOPPED_FAILED);
                });
    }

    private static void takeBack(SimulatedMigration migration, Told told) {
        SimulatedNode node = migration.source();
        node.copy(migration.guest().uuid())
                .filter(copy -> copy.status().isPausedForMigration())
                .ifPresent(copy -> {
                    node.put(copy.in(DomainState.RUNNING, RUNNING_MIGRATION_CANCELED));
                    node.tell(told, copy, Kind.RESUMED, 1);
                });
    }

    private static void breakPostCopy(SimulatedMigration migration) {
        migration.breakOff();
        standInPostCopy(migration);
    }

    private static void standInPostCopy(SimulatedMigration migration) {
        SimulatedNode node = migration.source();
        node.copy(migration.guest().uuid())
                .filter(copy -> copy.status().isPostCopy())
                .ifPresent(copy -> node.put(copy.in(DomainState.PAUSED, DomainStatus.PAUSED_POSTCOPY_FAILED)));
    }

    private void end(SimulatedMigration migration, Failure why, Told told) {
        migration.end(false);
        forget.accept(migration);
        migration.followers().forEach(job -> told.add(() -> job.failed(why)));
        migration.finisher().ifPresent(finisher -> told.add(() -> finisher.accept(Optional.of(why))));
    }
}
