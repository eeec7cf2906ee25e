package dev.drover.chaos;

import java.util.HashSet;
import java.util.Set;

/**
 * Counts the points at which a controller may die: before and after each journal write and each call to a host, and at
 * each timer. A death at a step is a death at the same place in every replay.
 */
final class Steps {

    private final Trace trace;
    private final Set<Long> deadly = new HashSet<>();
    private final Runnable struck;
    private long count;

    /** @param struck told of each death */
    Steps(Trace trace, Runnable struck) {
        this.trace = trace;
        this.struck = struck;
    }

    /** At that step the controller that takes it dies. */
    void killAt(long step) {
        deadly.add(step);
    }

    long count() {
        return count;
    }

    /** @throws ControllerKilled when this controller is dead already, or dies here */
    void at(Incarnation controller, String point) {
        controller.requireAlive();
        count++;
        if (deadly.remove(count)) {
            trace.add("step " + count + ": kill " + controller.name() + " at " + point);
            struck.run();
            controller.die();
            throw new ControllerKilled("at " + point);
        }
    }
}
