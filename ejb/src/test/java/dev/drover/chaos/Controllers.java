package dev.drover.chaos;

import java.time.Duration;

/** The server that is started again whenever it has died, and at times a second one. */
final class Controllers {

    private static final int LEAST_BOOT_MS = 2000;
    private static final int MORE_BOOT_MS = 6000;
    private static final int ASKS_WITHIN_MS = 1000;
    private static final Duration ASKS_AGAIN = Duration.ofSeconds(2);

    private final World world;
    private Controller current;
    private int number;

    Controllers(World world) {
        this.world = world;
        this.current = launch();
        world.time().after(Duration.ofMillis(world.random().nextInt(ASKS_WITHIN_MS)), this::ask);
    }

    Controller current() {
        return current;
    }

    private Controller launch() {
        number++;
        world.trace().add("controller " + number + " starts");
        var controller = new Controller(world, "controller " + number, "node 1", true);
        controller.life().onDeath(() -> {
            world.trace().add(controller.life().name() + " is dead");
            Duration boot = Duration.ofMillis(LEAST_BOOT_MS + world.random().nextInt(MORE_BOOT_MS));
            world.time().after(boot, () -> current = launch());
        });
        controller.start();
        return controller;
    }

    private void ask() {
        if (world.ledger().evacuations().isEmpty()) {
            if (current.life().isAlive()) {
                current.request();
            }
            world.time().after(ASKS_AGAIN, this::ask);
        }
    }

    /** One more server that nobody meant to start, on the same database; it is killed after a while. */
    void startSecond(Duration lives) {
        var second = new Controller(world, "second controller", "node 2", false);
        second.start();
        world.time().after(lives, () -> second.life().die());
    }
}
