package dev.drover.migration;

import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.DomainStatus;

/**
 * One try at a move, as it is journalled before the call: what recovery needs to know when nobody saw the end.
 *
 * @param number from 1
 * @param prior the domain's state before the call
 * @param suspended whether its user suspended the guest during the copy: libvirt forgets that, Drover does not
 * @param convergence how far its convergence schedule has come
 */
public record Attempt(
        int number, MigrationMode mode, DomainStatus prior, boolean suspended, ConvergencePosition convergence) {

    /** Whether the guest has to stand still at the end, because its user wants it so. */
    public boolean endsPaused() {
        return suspended || prior.isPausedByUser();
    }

    Attempt suspended(boolean wish) {
        return new Attempt(number, mode, prior, wish, convergence);
    }

    Attempt at(ConvergencePosition position) {
        return new Attempt(number, mode, prior, suspended, position);
    }
}
