package dev.drover.evacuation;

import dev.drover.audit.Actor;
import dev.drover.migration.Journal;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationService;
import dev.drover.migration.MigrationState;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.HostSnapshot;
import dev.drover.planner.Decision;
import dev.drover.planner.Drift;
import dev.drover.planner.EvacuationPlan;
import dev.drover.planner.EvacuationPlanner;
import dev.drover.planner.PlanRequest;
import dev.drover.planner.Target;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Plans evacuations and returns, and journals them ready for their batch job. */
@ApplicationScoped
public class Preparation {

    private final FleetView fleet;
    private final PlanStore plans;
    private final EvacuationStore store;
    private final Journal journal;
    private final MigrationService migrations;
    private final TransitionLog log;
    private final Clock clock;

    @Inject
    public Preparation(
            FleetView fleet,
            PlanStore plans,
            EvacuationStore store,
            Journal journal,
            MigrationService migrations,
            TransitionLog log,
            Clock clock) {
        this.fleet = fleet;
        this.plans = plans;
        this.store = store;
        this.journal = journal;
        this.migrations = migrations;
        this.log = log;
        this.clock = clock;
    }

    /** Says what a run would do now, and keeps it under its id; changes nothing. */
    public EvacuationPlan plan(PlanRequest request) {
        checkDeadline(request);
        HostSnapshot source = fleet.source(request.host());
        List<Decision> decisions = EvacuationPlanner.decide(source, fleet.targets(request));
        EvacuationPlan plan =
                new EvacuationPlan(UUID.randomUUID(), request, clock.instant(), decisions, source.limits());
        plans.keep(plan);
        return plan;
    }

    private void checkDeadline(PlanRequest request) {
        request.deadline().ifPresent(deadline -> {
            if (!deadline.isAfter(clock.instant())) {
                throw new FailureException(
                        FailureCode.INVALID_ARGUMENT,
                        "deadline: " + deadline + " has passed; give a time to come, or none");
            }
        });
    }

    /** Plans and journals an evacuation, ready for its job. */
    public Evacuation prepare(PlanRequest request, Actor by) {
        // one at a time: the next plan must see what this one has reserved
        synchronized (this) {
            refuseSecond(request.host());
            return journalled(plan(request), by);
        }
    }

    /**
     * Journals the evacuation that a plan describes.
     *
     * @throws FailureException {@link FailureCode#PLAN_OUTDATED} when the fleet is no longer as the plan saw it
     */
    public Evacuation prepare(UUID planId, Actor by) {
        EvacuationPlan plan = plans.plan(planId);
        synchronized (this) {
            refuseSecond(plan.request().host());
            checkDeadline(plan.request());
            HostSnapshot source = fleet.source(plan.request().host());
            List<Target> targets = fleet.targets(plan.request());
            Drift.between(plan, source, targets).ifPresent(drift -> {
                throw new FailureException(
                        FailureCode.PLAN_OUTDATED,
                        "plan: the fleet has changed since " + planId + " was made: " + drift + "; ask for a new plan");
            });
            return journalled(plan, by);
        }
    }

    private void refuseSecond(String host) {
        store.unfinished().stream()
                .filter(other -> other.host().equals(host))
                .findFirst()
                .ifPresent(other -> {
                    throw new FailureException(
                            FailureCode.EVACUATION_RUNNING,
                            "host: evacuation " + other.id() + " of " + host + " is " + other.state()
                                    + "; follow that one, or cancel it first");
                });
    }

    private Evacuation journalled(EvacuationPlan plan, Actor by) {
        String host = plan.request().host();
        HostSnapshot source = fleet.host(host);
        Map<String, ConnectUri> uris = fleet.hosts().stream()
                .collect(Collectors.toMap(
                        seen -> seen.host().name(), seen -> seen.host().uri()));
        var evacuation = new Evacuation(
                UUID.randomUUID(),
                Evacuation.Kind.EVACUATION,
                host,
                plan.request().deadline().orElse(null),
                EvacuationState.PLANNING,
                by.toString(),
                0,
                null,
                clock.instant(),
                null);
        List<Migration> rows = new ArrayList<>();
        for (Decision decision : plan.decisions()) {
            rows.add(PlannedRows.ofDecision(
                    evacuation, rows.size(), decision, source.host().uri(), uris, clock.instant()));
        }
        begin(evacuation, rows, by);
        return evacuation;
    }

    private void begin(Evacuation evacuation, List<Migration> rows, Actor by) {
        // its migrations wait for the job, which alone releases them
        migrations.hold(evacuation.id());
        migrations.submit(rows, () -> store.insert(evacuation, rows, by));
        log.changed(null, evacuation);
    }

    /**
     * Prepares to bring back what an evacuation moved away.
     *
     * @throws FailureException when it has not ended, or moved nothing
     */
    public Evacuation prepareReturn(UUID id, Actor by) {
        synchronized (this) {
            Evacuation done = store.find(id)
                    .orElseThrow(() -> new FailureException(
                            FailureCode.UNKNOWN_EVACUATION, "evacuation: no evacuation has the id " + id));
            if (!done.state().isFinal() || done.kind() == Evacuation.Kind.RETURN) {
                throw new FailureException(
                        FailureCode.EVACUATION_RUNNING,
                        "evacuation " + id + " is " + done.state() + "; only an ended evacuation can be returned");
            }
            refuseSecond(done.host());
            HostSnapshot home = fleet.source(done.host());
            var back = new Evacuation(
                    UUID.randomUUID(),
                    Evacuation.Kind.RETURN,
                    done.host(),
                    null,
                    EvacuationState.PLANNING,
                    by.toString(),
                    0,
                    null,
                    clock.instant(),
                    null);
            List<Migration> rows = new ArrayList<>();
            long left = home.node().map(node -> node.freeMemoryMiB()).orElse(0L) - migrations.reservedMiB(done.host());
            for (Migration moved : journal.ofEvacuation(id)) {
                Migration row =
                        PlannedRows.returning(back, rows.size(), moved, home, there(moved), left, clock.instant());
                if (row != null) {
                    rows.add(row);
                    left -= row.state() == MigrationState.PLANNED ? row.memoryMiB() : 0;
                }
            }
            begin(back, rows, by);
            return back;
        }
    }

    // where it was brought, if it is still there
    private Optional<Domain> there(Migration moved) {
        String at = moved.route().destination();
        if (moved.state() != MigrationState.COMPLETED || at == null) {
            return Optional.empty();
        }
        return fleet.source(at).activeDomains().stream()
                .filter(domain -> domain.uuid().equals(moved.domain()))
                .findFirst();
    }
}
