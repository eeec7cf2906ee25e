package dev.drover.chaos;

import dev.drover.time.Timers;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.Executor;

/** A controller's timers, executor and clock: they run in virtual time, in an order by seed, and end with it. */
final class ChaosTimers implements Timers, Executor {

    private static final int JITTER_MS = 20;

    private final World world;
    private final Incarnation controller;

    ChaosTimers(World world, Incarnation controller) {
        this.world = world;
        this.controller = controller;
    }

    @Override
    public Clock clock() {
        InstantSource wrong = () -> world.time().clock().instant().plus(world.clockError());
        return wrong.withZone(ZoneOffset.UTC);
    }

    @Override
    public Duration uptime() {
        return world.time().uptime();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        controller.requireAlive();
        return world.time().after(delay, () -> run("timer", task));
    }

    @Override
    public void execute(Runnable task) {
        controller.requireAlive();
        world.time().after(Duration.ofMillis(world.random().nextInt(JITTER_MS)), () -> run("task", task));
    }

    private void run(String what, Runnable task) {
        if (!controller.isAlive()) {
            return;
        }
        try {
            world.steps().at(controller, what);
            task.run();
        } catch (ControllerKilled e) {
            // its end, here as everywhere
            return;
        } catch (RuntimeException e) {
            if (controller.isAlive()) {
                world.violated("a " + what + " of " + controller.name() + " failed: " + e, e);
            }
        }
    }
}
