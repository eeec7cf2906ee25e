package dev.drover.driver.simulated;

import dev.drover.driver.simulated.SimulatedMigration.Phase;
import dev.drover.hypervisor.HypervisorEvent.JobCompleted;
import dev.drover.hypervisor.HypervisorEvent.Lifecycle.Kind;
import dev.drover.hypervisor.HypervisorEvent.MigrationIteration;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.MigrateFlag;
import java.time.Duration;

/** Takes a migration from phase to phase, and each host's copy with it. Under the fleet's lock. */
final class MigrationPhases {

    static final Duration MAX_DOWNTIME = Duration.ofMillis(300);
    private static final Duration PREPARE = Duration.ofMillis(200);
    private static final Duration SHORT = Duration.ofMillis(100);
    // libvirt's own connection between the hosts: a ping each 5 s, dead after 5 (28.9 s measured)
    private static final Duration KEEPALIVE = Duration.ofSeconds(29);
    // virDomainEventStartedDetailType and its kin
    private static final int STARTED_MIGRATED = 1;
    private static final int SUSPENDED_MIGRATED = 1;
    private static final int SUSPENDED_POSTCOPY = 7;
    private static final int RESUMED_MIGRATED = 1;
    private static final int RESUMED_POSTCOPY = 3;
    private static final int STOPPED_MIGRATED = 3;

    private final MigrationEnds ends;

    MigrationPhases(MigrationEnds ends) {
        this.ends = ends;
    }

    static Duration first() {
        return SHORT;
    }

    /** @param rate what the links give it now, bytes per second */
    void step(SimulatedMigration migration, Duration step, double rate, Told told) {
        if (isStuck(migration)) {
            // what waits to be told is lost by no silence
            if (migration.phase() != Phase.UNTOLD && migration.stall(step).compareTo(KEEPALIVE) >= 0) {
                ends.silent(migration, told);
            }
            return;
        }
        migration.goOn(step);
        switch (migration.phase()) {
            case PERFORM -> perform(migration, step, rate, told);
            case POST_COPY -> fetch(migration, step, rate, told);
            case UNTOLD -> push(migration, step, rate, told);
            case BEGIN, PREPARE, SWITCHOVER, FINISH, SWITCHED, CONFIRM -> {
                if (migration.isDue(step)) {
                    next(migration, told);
                }
            }
            case ENDED -> {
                // it is no longer in the fleet's list
            }
        }
    }

    private static boolean isStuck(SimulatedMigration migration) {
        if (migration.isUnattended()) {
            // the guest's own processes talk to each other, whatever the daemons do
            return !migration.source().isLinked() || !migration.destination().isLinked();
        }
        return isStuck(migration.source()) || isStuck(migration.destination());
    }

    private static boolean isStuck(SimulatedNode node) {
        return !node.isLinked() || node.daemon() == SimulatedNode.Daemon.HUNG;
    }

    private void next(SimulatedMigration migration, Told told) {
        switch (migration.phase()) {
            case BEGIN -> migration.enter(Phase.PREPARE, PREPARE);
            case PREPARE -> prepare(migration, told);
            case SWITCHOVER -> migration.enter(Phase.FINISH, SHORT);
            case FINISH -> arrive(migration, told);
            case SWITCHED -> runThere(migration, told);
            case CONFIRM -> confirm(migration, told);
            case PERFORM, POST_COPY, UNTOLD, ENDED ->
                throw new IllegalStateException("not timed: " + migration.phase());
        }
    }

    private void prepare(SimulatedMigration migration, Told told) {
        SimulatedDomain guest = migration.guest();
        SimulatedNode there = migration.destination();
        String name = migration.order().newName();
        var refusal = Entrance.refusal(there, guest, name);
        if (refusal.isPresent()) {
            ends.failed(migration, refusal.get(), told);
            return;
        }
        boolean defined = there.copy(guest.uuid()).isPresent();
        boolean kept = defined || migration.order().flags().contains(MigrateFlag.PERSIST_DEST);
        SimulatedDomain incoming = guest.incoming(there.name(), name, kept);
        if (kept && !defined) {
            migration.bringDefinition();
        }
        there.put(incoming);
        there.tell(told, incoming, Kind.STARTED, STARTED_MIGRATED);
        migration.enter(Phase.PERFORM, Duration.ZERO);
    }

    private void perform(SimulatedMigration migration, Duration step, double rate, Told told) {
        PreCopy copy = migration.advance(step, rate);
        if (migration.isPostCopyWanted()) {
            switchToPostCopy(migration, told);
            return;
        }
        if (!copy.isRoundOver()) {
            return;
        }
        boolean stands =
                !migration.source().require(migration.guest().uuid()).status().isRunning();
        Duration downtime = stands ? Duration.ZERO : copy.downtime(rate);
        if (downtime.compareTo(migration.maxDowntime(MAX_DOWNTIME)) > 0) {
            migration.nextRound();
            SimulatedDomain guest = migration.guest();
            migration.source().tell(told, new MigrationIteration(guest.uuid(), guest.name(), copy.iteration() + 1));
            return;
        }
        migration.stand(downtime.plusMillis(1));
        suspend(migration, DomainStatus.PAUSED_MIGRATION, SUSPENDED_MIGRATED, told);
        migration.enter(Phase.SWITCHOVER, downtime);
    }

    private static void suspend(SimulatedMigration migration, int reason, int detail, Told told) {
        SimulatedDomain here = migration.source().require(migration.guest().uuid());
        if (here.status().isRunning()) {
            migration.source().put(here.in(DomainState.PAUSED, reason));
            migration.source().tell(told, here, Kind.SUSPENDED, detail);
        }
    }

    private static void switchToPostCopy(SimulatedMigration migration, Told told) {
        suspend(migration, DomainStatus.PAUSED_POSTCOPY, SUSPENDED_POSTCOPY, told);
        if (migration.isManaged()) {
            migration.enter(Phase.SWITCHED, SHORT);
        } else {
            runThere(migration, told);
        }
    }

    /** The destination is told to run its copy. */
    static void runThere(SimulatedMigration migration, Told told) {
        SimulatedDomain there =
                migration.destination().require(migration.guest().uuid());
        migration.destination().put(there.in(DomainState.RUNNING, DomainStatus.RUNNING_POSTCOPY));
        migration.destination().tell(told, there, Kind.RESUMED, RESUMED_POSTCOPY);
        migration.switched();
        migration.enter(Phase.POST_COPY, Duration.ZERO);
    }

    private void fetch(SimulatedMigration migration, Duration step, double rate, Told told) {
        if (migration.advance(step, rate).isRoundOver()) {
            migration.stand(Duration.ofMillis(10));
            arrive(migration, told);
        }
    }

    // measured: the source lets go when all has been pushed over, though the destination has not been told to run it
    private static void push(SimulatedMigration migration, Duration step, double rate, Told told) {
        if (migration.advance(step, rate).isRoundOver()) {
            letGo(migration, told);
        }
    }

    // what its user had paused before it left stays so; one that was paused on the way runs again, as with libvirt
    private static void arrive(SimulatedMigration migration, Told told) {
        SimulatedNode node = migration.destination();
        SimulatedDomain there = node.require(migration.guest().uuid());
        if (there.persistent()) {
            node.tell(told, there, Kind.DEFINED, 0);
        }
        boolean paused = !migration.guest().status().isRunning()
                || migration.order().flags().contains(MigrateFlag.PAUSED);
        if (paused) {
            node.put(there.in(DomainState.PAUSED, DomainStatus.PAUSED_USER));
        } else {
            node.put(there.in(DomainState.RUNNING, DomainStatus.RUNNING_MIGRATED));
            node.tell(told, there, Kind.RESUMED, RESUMED_MIGRATED);
        }
        migration.enter(Phase.CONFIRM, SHORT);
    }

    // once: it may have done so before the destination was told
    private static void letGo(SimulatedMigration migration, Told told) {
        SimulatedNode node = migration.source();
        node.copy(migration.guest().uuid())
                .filter(copy -> copy.status().isActive())
                .ifPresent(here -> {
                    if (migration.order().flags().contains(MigrateFlag.UNDEFINE_SOURCE)) {
                        node.put(here.persistent(false));
                    }
                    node.stop(here.uuid(), DomainStatus.SHUTOFF_MIGRATED);
                    node.tell(told, here, Kind.STOPPED, STOPPED_MIGRATED);
                });
    }

    private void confirm(SimulatedMigration migration, Told told) {
        letGo(migration, told);
        SimulatedNode node = migration.source();
        SimulatedDomain here = migration.guest();
        migration.end(true);
        node.tell(told, new JobCompleted(here.uuid(), here.name(), migration.stats()));
        ends.arrived(migration, told);
    }
}
