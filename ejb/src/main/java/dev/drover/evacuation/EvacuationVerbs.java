package dev.drover.evacuation;

import dev.drover.audit.Actor;
import dev.drover.model.FailureException;
import dev.drover.planner.PlanRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What operators ask of evacuations, journal and batch job together; every surface comes through here. Each verb is
 * harmless when repeated.
 */
@ApplicationScoped
public class EvacuationVerbs {

    private final Preparation preparation;
    private final EvacuationService evacuations;
    private final Instance<EvacuationLauncher> launcher;

    @Inject
    public EvacuationVerbs(
            Preparation preparation, EvacuationService evacuations, Instance<EvacuationLauncher> launcher) {
        this.preparation = preparation;
        this.evacuations = evacuations;
        this.launcher = launcher;
    }

    public Evacuation start(PlanRequest request, Actor by) {
        return launch(preparation.prepare(request, by));
    }

    public Evacuation start(UUID plan, Actor by) {
        return launch(preparation.prepare(plan, by));
    }

    /** Brings back what that evacuation moved away. */
    public Evacuation giveBack(UUID id, Actor by) {
        return launch(preparation.prepareReturn(id, by));
    }

    private Evacuation launch(Evacuation prepared) {
        launcher.get().start(prepared.id());
        return evacuations.evacuation(prepared.id());
    }

    public Evacuation pause(UUID id, Actor by) {
        return evacuations.pause(id, by);
    }

    /** @throws FailureException when it has ended */
    public Evacuation resume(UUID id, Actor by) {
        return worked(evacuations.resume(id, by));
    }

    /** @throws FailureException when it has ended otherwise */
    public Evacuation cancel(UUID id, Actor by) {
        // a job that was stopped must run once more to say how it ended
        return worked(evacuations.cancel(id, by));
    }

    private Evacuation worked(Evacuation evacuation) {
        if (evacuation.state().isFinal()) {
            return evacuation;
        }
        launcher.get().resume(evacuation.id(), evacuation.execution());
        return evacuations.evacuation(evacuation.id());
    }

    /**
     * Closes the record and touches no domain: the way out when nothing else ends it.
     *
     * @param reason why; for the audit trail, never blank
     * @throws FailureException when it has ended otherwise, or without a reason
     */
    public Evacuation forceClose(UUID id, @Nullable String reason, Actor by) {
        return evacuations.forceClose(id, reason, by);
    }
}
