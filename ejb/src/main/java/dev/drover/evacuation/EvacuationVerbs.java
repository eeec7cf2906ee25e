package dev.drover.evacuation;

import dev.drover.model.FailureException;
import dev.drover.planner.PlanRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.util.UUID;

/** What operators ask of evacuations, journal and batch job together; every surface comes through here. */
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

    public Evacuation start(PlanRequest request, String origin) {
        return launch(preparation.prepare(request, origin));
    }

    public Evacuation start(UUID plan, String origin) {
        return launch(preparation.prepare(plan, origin));
    }

    /** Brings back what that evacuation moved away. */
    public Evacuation giveBack(UUID id, String origin) {
        return launch(preparation.prepareReturn(id, origin));
    }

    private Evacuation launch(Evacuation prepared) {
        launcher.get().start(prepared.id());
        return evacuations.evacuation(prepared.id());
    }

    public Evacuation pause(UUID id) {
        return evacuations.pause(id);
    }

    /** @throws FailureException when it has ended */
    public Evacuation resume(UUID id) {
        Evacuation resumed = evacuations.resume(id);
        launcher.get().resume(id, resumed.execution());
        return evacuations.evacuation(id);
    }

    /** @throws FailureException when it has ended otherwise */
    public Evacuation cancel(UUID id) {
        Evacuation cancelling = evacuations.cancel(id);
        // a job that was stopped must run once more to say how it ended
        launcher.get().resume(id, cancelling.execution());
        return evacuations.evacuation(id);
    }
}
