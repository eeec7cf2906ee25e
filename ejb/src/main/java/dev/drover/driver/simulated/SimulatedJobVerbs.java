package dev.drover.driver.simulated;

import dev.drover.driver.simulated.SimulatedMigration.Phase;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import java.util.function.Consumer;

/** What clients ask of a migration under way, refused where libvirt refuses it. */
final class SimulatedJobVerbs {

    private final SimulatedFleet fleet;
    private final MigrationEnds ends;

    SimulatedJobVerbs(SimulatedFleet fleet, MigrationEnds ends) {
        this.fleet = fleet;
        this.ends = ends;
    }

    /** Changes a migration under way. @throws HypervisorException when there is no such job any more */
    void change(SimulatedMigration migration, Consumer<SimulatedMigration> wish) {
        fleet.act(told -> {
            if (migration.phase() == Phase.ENDED) {
                throw noJob(migration);
            }
        });
        wish.accept(migration);
    }

    private static HypervisorException noJob(SimulatedMigration migration) {
        return invalid("no job is active on domain '" + migration.guest().name() + "'");
    }

    private static HypervisorException invalid(String why) {
        return new HypervisorException(FailureCode.OPERATION_INVALID, why);
    }

    void abort(SimulatedMigration migration) {
        fleet.act(told -> {
            switch (migration.phase()) {
                case BEGIN, PREPARE, PERFORM ->
                    ends.failed(
                            migration,
                            Failure.of(
                                    FailureCode.ABORTED,
                                    "migration of '" + migration.guest().name() + "' was aborted by the client"),
                            told);
                case SWITCHED, UNTOLD, POST_COPY ->
                    throw invalid(
                            "'" + migration.guest().name() + "' is in post-copy, which cannot be aborted: neither "
                                    + "host has all of it; wait for its end");
                case SWITCHOVER, FINISH, CONFIRM ->
                    throw invalid("the migration of '" + migration.guest().name() + "' can no longer be aborted");
                case ENDED -> throw noJob(migration);
            }
        });
    }

    /** Breaks post-copy off, to be recovered later. */
    void pausePostCopy(SimulatedMigration migration) {
        fleet.act(told -> {
            if (migration.phase() != Phase.POST_COPY) {
                throw invalid("'" + migration.guest().name() + "' is not in post-copy; abort it instead");
            }
            ends.brokenOff(migration, told);
        });
    }

    void startPostCopy(SimulatedMigration migration) {
        fleet.act(told -> {
            if (!migration.order().flags().contains(MigrateFlag.POSTCOPY)) {
                throw invalid("the migration of '" + migration.guest().name() + "' was started without POSTCOPY");
            }
            if (migration.phase() != Phase.PERFORM) {
                throw invalid("the migration of '" + migration.guest().name() + "' copies nothing now");
            }
            migration.wantPostCopy();
        });
    }
}
