package dev.drover.memory;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditTrail;
import dev.drover.driver.simulated.SimulatedDriver;
import dev.drover.driver.simulated.SimulatedFleet;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.ManagedPostCopy;
import dev.drover.migration.FixedConcurrency;
import dev.drover.migration.Journal;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationConfig;
import dev.drover.migration.MigrationListener;
import dev.drover.migration.MigrationService;
import dev.drover.migration.MigrationState;
import dev.drover.model.Failure;
import dev.drover.ownership.LeaseConfig;
import dev.drover.ownership.Ownership;
import dev.drover.pool.ConnectionPool;
import dev.drover.pool.ConnectionStateChanged;
import dev.drover.pool.PoolConfig;
import dev.drover.pool.PoolListener;
import dev.drover.time.Timers;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The migrating part of one server's life without a container, on a simulated fleet and a database in memory. Killing it
 * takes its timers and threads away at once, as the end of a process does; what is in the database and what the
 * hypervisors do goes on.
 */
public final class ServerInMemory implements Ownership.Listener {

    private final List<Failure> alerts = new ArrayList<>();
    private final SimulatedFleet fleet;
    private final SimulatedDriver driver;
    private final Ownership ownership;
    private final Journal journal;
    private final AuditTrail audit;
    private final MigrationService migrations;
    private int gettingOn;
    private boolean alive = true;
    private Consumer<Migration> watcher = migration -> {};

    public ServerInMemory(String node, Timers time, SimulatedFleet fleet, InMemoryDatabase database) {
        this(node, time, fleet, database, timers -> task -> timers.after(Duration.ZERO, task));
    }

    /** @param threads makes the executor of all that the server does, from its timers */
    public ServerInMemory(
            String node,
            Timers time,
            SimulatedFleet fleet,
            InMemoryDatabase database,
            Function<Timers, Executor> threads) {
        this.fleet = fleet;
        this.driver = new SimulatedDriver(fleet, ManagedPostCopy.HELD);
        Timers timers = new MortalTimers(time);
        Executor executor = threads.apply(timers);
        var pool = new ConnectionPool(List.of(driver), PoolConfig.defaults(), timers, executor, new PoolListener() {
            @Override
            public void stateChanged(ConnectionStateChanged change) {
                // the hosts' own answers are what is tested here
            }
        });
        this.ownership = new Ownership(database.lives(), LeaseConfig.defaults(), timers, executor, node);
        this.journal = database.journal(ownership::life);
        this.audit = database.audit();
        this.migrations = new MigrationService(
                journal,
                pool,
                new FixedConcurrency(4, 4),
                MigrationConfig.defaults(),
                new MigrationListener() {
                    @Override
                    public void changed(MigrationState before, Migration now) {
                        watcher.accept(now);
                    }

                    @Override
                    public void progressed(Migration migration, JobStats stats) {
                        gettingOn++;
                    }

                    @Override
                    public void alert(Migration migration, Failure why) {
                        alerts.add(why);
                    }

                    @Override
                    public void acknowledged(Migration migration, Actor by, String reason) {}
                },
                ownership,
                timers,
                executor);
    }

    /** Starts it. @param alone whether it knows that its earlier lives are over */
    public ServerInMemory begin(boolean alone) {
        ownership.begin(alone, this);
        return this;
    }

    @Override
    public void gained() {
        migrations.takeUp(journal.unfinished());
    }

    @Override
    public void lost() {
        migrations.dropAll();
    }

    /** Ends it as a crash does: its connections with it. */
    public void kill() {
        alive = false;
        fleet.faults().killClient(driver);
    }

    /** Hears of each change of state, on the thread that makes it. */
    public void watch(Consumer<Migration> changes) {
        watcher = changes;
    }

    public MigrationService migrations() {
        return migrations;
    }

    public Journal journal() {
        return journal;
    }

    public Ownership ownership() {
        return ownership;
    }

    public List<Failure> alerts() {
        return alerts;
    }

    /** How often it was told that a migration gets on. */
    public int gettingOn() {
        return gettingOn;
    }

    /** What the audit trail says was done to that migration. */
    public List<String> steps(Migration migration) {
        return audit.ofMigration(migration.id()).stream()
                .map(entry -> entry.detail().isEmpty() ? entry.what() : entry.what() + " " + entry.detail())
                .toList();
    }

    /** Timers that end with the server. */
    private final class MortalTimers implements Timers {

        private final Timers time;

        MortalTimers(Timers time) {
            this.time = time;
        }

        @Override
        public Clock clock() {
            return time.clock();
        }

        @Override
        public Duration uptime() {
            return time.uptime();
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            return time.after(delay, () -> {
                if (alive) {
                    task.run();
                }
            });
        }
    }
}
