package dev.drover.ownership;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;

/**
 * This life does not own what it was about to change: another server has taken it over, or always had it. Whoever gets
 * this stops acting on it and touches no hypervisor.
 */
public final class LeaseLost extends FailureException {

    private static final long serialVersionUID = 1L;

    public LeaseLost(String message) {
        super(FailureCode.OWNED_ELSEWHERE, message);
    }
}
