package dev.drover.chaos;

import java.util.ArrayList;
import java.util.List;

/** One life of a controller. After its death nothing of it acts any more: whatever it still tries throws. */
final class Incarnation {

    private final String name;
    private final List<Runnable> atDeath = new ArrayList<>();
    private boolean dead;

    Incarnation(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return !dead;
    }

    void requireAlive() {
        if (dead) {
            throw new ControllerKilled("before, this is " + name + " from beyond");
        }
    }

    void onDeath(Runnable task) {
        atDeath.add(task);
    }

    void die() {
        if (!dead) {
            dead = true;
            atDeath.forEach(Runnable::run);
        }
    }
}
