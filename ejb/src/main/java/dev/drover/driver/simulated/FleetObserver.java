package dev.drover.driver.simulated;

import org.jspecify.annotations.Nullable;

/**
 * Sees each change of each copy on each host, also while no client could: it looks at the guests, not at what a daemon
 * says. Called under the fleet's lock, before anybody is told; must not call back.
 */
@FunctionalInterface
public interface FleetObserver {

    /** @param before null for a copy that is new; @param after null for one that is gone */
    void changed(@Nullable SimulatedDomain before, @Nullable SimulatedDomain after);
}
