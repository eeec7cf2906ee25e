package dev.drover.chaos;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditTrail;
import dev.drover.audit.Surface;
import dev.drover.evacuation.Alerts;
import dev.drover.evacuation.Caretaker;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationLauncher;
import dev.drover.evacuation.EvacuationRun;
import dev.drover.evacuation.EvacuationService;
import dev.drover.evacuation.EvacuationStore;
import dev.drover.evacuation.EvacuationVerbs;
import dev.drover.evacuation.FleetView;
import dev.drover.evacuation.PlanStore;
import dev.drover.evacuation.Preparation;
import dev.drover.evacuation.Transition;
import dev.drover.evacuation.TransitionLog;
import dev.drover.evacuation.Watchdog;
import dev.drover.fleet.HostInspector;
import dev.drover.fleet.HostMonitor;
import dev.drover.fleet.HostRegistry;
import dev.drover.fleet.HostStore;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.memory.InMemoryDatabase;
import dev.drover.migration.FixedConcurrency;
import dev.drover.migration.Journal;
import dev.drover.migration.MigrationConfig;
import dev.drover.migration.MigrationService;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureException;
import dev.drover.model.Host;
import dev.drover.ownership.LeaseConfig;
import dev.drover.ownership.LifeStore;
import dev.drover.ownership.Ownership;
import dev.drover.planner.PlanRequest;
import dev.drover.pool.ConnectionPool;
import dev.drover.pool.PoolConfig;
import dev.drover.pool.PoolListener;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One life of the application: the product's own classes, put together as the container does it. */
final class Controller {

    private static final int CONNECTIONS = 64;
    private static final Actor OPERATOR = new Actor("operator", Surface.REST);

    private final World world;
    private final Incarnation life;
    private final ChaosTimers timers;
    private final boolean alone;
    private final Ownership ownership;
    private final HostRegistry registry;
    private final EvacuationStore store;
    private final EvacuationVerbs verbs;
    private final Caretaker caretaker;
    private final Alerts alerts;

    /** @param node the server's name; two that run at once and share it are not alone */
    Controller(World world, String name, String node, boolean alone) {
        this.world = world;
        this.life = new Incarnation(name);
        this.alone = alone;
        this.timers = new ChaosTimers(world, life);
        Clock clock = timers.clock();
        InMemoryDatabase database = world.ledger().database();
        this.ownership =
                new Ownership(watched(LifeStore.class, database.lives()), LeaseConfig.defaults(), timers, timers, node);
        Journal journal = watched(Journal.class, database.journal(ownership::life));
        this.store = watched(EvacuationStore.class, database.evacuations(ownership::life));
        AuditTrail audit = watched(AuditTrail.class, database.audit());
        HypervisorDriver driver = new ChaosDriver(world, life);
        var pool = new ConnectionPool(List.of(driver), poolConfig(), timers, timers, new PoolListener() {});
        this.alerts = new Alerts(timers);
        var log = new TransitionLog(clock, timers, alerts);
        log.watch(this::heard);
        this.registry = new HostRegistry(
                watched(HostStore.class, new Hosts(world.ledger().hosts())),
                pool,
                NoContainer.instance(driver),
                NoContainer.event(),
                clock);
        // looks at once: in one thread, waiting for a look that comes later would never end
        var inspector = new HostInspector(pool, Runnable::run, clock);
        var config = MigrationConfig.defaults();
        var migrations = new MigrationService(
                journal,
                pool,
                new FixedConcurrency(config.outgoingPerHost(), config.incomingPerHost()),
                config,
                log,
                ownership,
                timers,
                timers);
        var monitor = new HostMonitor(registry, inspector, timers, timers, NoContainer.event());
        var view = new FleetView(registry, inspector, monitor, migrations, store);
        var evacuations = new EvacuationService(store, audit, journal, migrations, log, clock);
        var run = new EvacuationRun(evacuations, journal, migrations, view, log, clock);
        EvacuationLauncher launcher = new ChaosLauncher(world, timers, run, evacuations);
        var preparation = new Preparation(view, new PlanStore(), store, journal, migrations, log, clock);
        this.verbs = new EvacuationVerbs(preparation, evacuations, NoContainer.instance(launcher));
        this.caretaker = new Caretaker(
                store,
                run,
                journal,
                migrations,
                new Watchdog(migrations, config, log, timers),
                log,
                NoContainer.instance(launcher),
                timers,
                timers);
    }

    private <T> T watched(Class<T> kind, T plain) {
        return Watched.store(kind, world, life, plain);
    }

    private void heard(Transition transition) {
        if (transition.type() == Transition.Type.ALERT) {
            world.trace()
                    .add("alert: " + (transition.domain() == null ? "evacuation" : transition.domain()) + " "
                            + (transition.reason() == null
                                    ? ""
                                    : transition.reason().code()));
        }
    }

    // one thread may never wait for another one's connection
    private static PoolConfig poolConfig() {
        PoolConfig defaults = PoolConfig.defaults();
        return new PoolConfig(
                CONNECTIONS,
                CONNECTIONS,
                Duration.ZERO,
                defaults.pingAfterIdle(),
                defaults.pingTimeout(),
                defaults.closeIdleAfter(),
                defaults.controlLeakAfter(),
                defaults.workLeakAfter(),
                defaults.backoff(),
                defaults.sweepInterval(),
                defaults.drainWait(),
                ConnectOptions.defaults());
    }

    Incarnation life() {
        return life;
    }

    Alerts alerts() {
        return alerts;
    }

    /** What Boot and GoOn do at a server's start; a server that cannot start is started once more. */
    void start() {
        timers.execute(() -> {
            try {
                if (registry.hosts().isEmpty()) {
                    world.script()
                            .hosts()
                            .forEach(host ->
                                    registry.register(new Host(host.name(), ConnectUri.parse("sim://" + host.name()))));
                }
                ownership.begin(alone, caretaker);
                caretaker.start();
            } catch (RuntimeException e) {
                world.trace().add("the server does not start: " + e.getClass().getSimpleName());
                life.die();
            }
        });
    }

    /** The operator's wish, made again for as long as it got no evacuation. */
    void request() {
        timers.execute(() -> {
            if (world.ledger().evacuations().isEmpty()) {
                operate("request", ignored -> verbs.start(PlanRequest.of(Script.SOURCE), OPERATOR));
            }
        });
    }

    void pause() {
        world.changes().operatorPauses();
        unfinished("pause", evacuation -> {
            verbs.pause(evacuation.id(), OPERATOR);
            world.changes().operatorPaused(true);
        });
    }

    void resume() {
        // from the moment of asking on it may go on, whether or not an answer comes back
        world.changes().operatorPaused(false);
        unfinished("resume", evacuation -> verbs.resume(evacuation.id(), OPERATOR));
    }

    void cancel() {
        unfinished("cancel", evacuation -> verbs.cancel(evacuation.id(), OPERATOR));
    }

    private void unfinished(String what, Consumer<Evacuation> verb) {
        operate(what, ignored -> {
            Optional<Evacuation> evacuation = store.unfinished().stream().findFirst();
            evacuation.ifPresent(verb);
        });
    }

    // what a surface tells the operator when it does not work
    private void operate(String what, Consumer<World> verb) {
        world.trace().add("operator: " + what);
        try {
            verb.accept(world);
        } catch (ControllerKilled e) {
            world.trace().add("nobody answers the operator");
        } catch (FailureException e) {
            world.trace().add("refused: " + e.failure().code());
        }
    }
}
