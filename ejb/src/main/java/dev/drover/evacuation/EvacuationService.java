package dev.drover.evacuation;

import dev.drover.hypervisor.JobStats;
import dev.drover.migration.Journal;
import dev.drover.migration.MigrateArguments;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationService;
import dev.drover.migration.MigrationState;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
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
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Plans evacuations, begins them and carries out the operators' verbs; the batch job does the rest in its steps. */
@ApplicationScoped
public class EvacuationService {

    private static final int NEWEST = 200;

    private final FleetView fleet;
    private final PlanStore plans;
    private final EvacuationStore store;
    private final Journal journal;
    private final MigrationService migrations;
    private final TransitionLog log;
    private final Clock clock;

    @Inject
    public EvacuationService(
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
    public Evacuation prepare(PlanRequest request, String origin) {
        // one at a time: the next plan must see what this one has reserved
        synchronized (this) {
            refuseSecond(request.host());
            return journalled(plan(request), origin);
        }
    }

    /**
     * Journals the evacuation that a plan describes.
     *
     * @throws FailureException {@link FailureCode#PLAN_OUTDATED} when the fleet is no longer as the plan saw it
     */
    public Evacuation prepare(UUID planId, String origin) {
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
            return journalled(plan, origin);
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

    private Evacuation journalled(EvacuationPlan plan, String origin) {
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
                origin,
                0,
                null,
                clock.instant(),
                null);
        List<Migration> rows = new ArrayList<>();
        for (Decision decision : plan.decisions()) {
            rows.add(row(evacuation, rows.size(), decision, source.host().uri(), uris));
        }
        begin(evacuation, rows);
        return evacuation;
    }

    private void begin(Evacuation evacuation, List<Migration> rows) {
        // its migrations wait for the job, which alone releases them
        migrations.hold(evacuation.id());
        store.insert(evacuation);
        try {
            migrations.submit(rows);
        } catch (RuntimeException e) {
            Evacuation failed =
                    evacuation.ended(EvacuationState.FAILED, FailureException.failureOf(e), clock.instant());
            store.update(failed);
            log.changed(evacuation.state(), failed);
            throw e;
        }
        log.changed(null, evacuation);
    }

    private Migration row(
            Evacuation evacuation, int position, Decision decision, ConnectUri from, Map<String, ConnectUri> uris) {
        boolean moves = decision instanceof Decision.MoveTo;
        String destination = decision instanceof Decision.MoveTo move ? move.destination() : null;
        Failure failure = decision instanceof Decision.Blocked blocked ? blocked.failure() : null;
        return migration(
                evacuation,
                position,
                decision.domain(),
                new Migration.Route(
                        evacuation.host(), from, destination, destination == null ? null : uris.get(destination)),
                moves ? MigrationState.PLANNED : MigrationState.BLOCKED,
                failure);
    }

    private Migration migration(
            Evacuation evacuation,
            int position,
            Domain domain,
            Migration.Route route,
            MigrationState state,
            @Nullable Failure failure) {
        return new Migration(
                UUID.randomUUID(),
                evacuation.id(),
                position,
                domain.uuid(),
                domain.name(),
                domain.memoryMiB(),
                route,
                MigrateArguments.evacuating(domain.persistent()),
                state,
                failure,
                null,
                0,
                0,
                0,
                clock.instant(),
                null,
                state.isFinal() ? clock.instant() : null,
                null);
    }

    /**
     * Prepares to bring back what an evacuation moved away.
     *
     * @throws FailureException when it has not ended, or moved nothing
     */
    public Evacuation prepareReturn(UUID id, String origin) {
        synchronized (this) {
            Evacuation done = evacuation(id);
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
                    origin,
                    0,
                    null,
                    clock.instant(),
                    null);
            List<Migration> rows = new ArrayList<>();
            long left = home.node().map(node -> node.freeMemoryMiB()).orElse(0L) - migrations.reservedMiB(done.host());
            for (Migration moved : journal.ofEvacuation(id)) {
                Migration row = returning(back, rows.size(), moved, home, left);
                if (row != null) {
                    rows.add(row);
                    left -= row.state() == MigrationState.PLANNED ? row.memoryMiB() : 0;
                }
            }
            begin(back, rows);
            return back;
        }
    }

    // null for what never moved or is no longer where it was brought
    private @Nullable Migration returning(
            Evacuation back, int position, Migration moved, HostSnapshot home, long freeMiB) {
        String at = moved.route().destination();
        ConnectUri uri = moved.route().destinationUri();
        if (moved.state() != MigrationState.COMPLETED || at == null || uri == null) {
            return null;
        }
        Domain domain = fleet.source(at).activeDomains().stream()
                .filter(there -> there.uuid().equals(moved.domain()))
                .findFirst()
                .orElse(null);
        if (domain == null) {
            return null;
        }
        boolean fits = domain.memoryMiB() <= freeMiB;
        var route = new Migration.Route(at, uri, back.host(), home.host().uri());
        Failure full = Failure.of(
                FailureCode.INSUFFICIENT_MEMORY,
                back.host() + " has " + Math.max(0, freeMiB) + " MiB of memory left, '" + domain.name() + "' needs "
                        + domain.memoryMiB() + " MiB; free some");
        return migration(
                back,
                position,
                domain,
                route,
                fits ? MigrationState.PLANNED : MigrationState.BLOCKED,
                fits ? null : full);
    }

    /** @throws FailureException {@link FailureCode#UNKNOWN_EVACUATION} */
    public Evacuation evacuation(UUID id) {
        return store.find(id)
                .orElseThrow(() -> new FailureException(
                        FailureCode.UNKNOWN_EVACUATION, "evacuation: no evacuation has the id " + id));
    }

    /** The newest first. */
    public List<Evacuation> evacuations() {
        return store.newest(NEWEST);
    }

    /** An evacuation's migrations in the order of its plan. */
    public List<Migration> migrations(UUID evacuation) {
        return journal.ofEvacuation(evacuation);
    }

    /** 0 to 1. */
    public double progress(List<Migration> rows) {
        return Progress.of(rows, statsOf());
    }

    private Function<Migration, JobStats> statsOf() {
        return migration -> migrations.progress(migration.id()).orElse(JobStats.none());
    }

    /** Remembers which batch execution works on it. */
    public Evacuation executedBy(UUID id, long execution) {
        Evacuation known = evacuation(id).executedBy(execution);
        store.update(known);
        return known;
    }

    /** Starts nothing further; what runs goes on. Harmless when repeated. */
    public Evacuation pause(UUID id) {
        return change(id, EvacuationState.PAUSED, () -> migrations.hold(id));
    }

    /** Goes on after a pause. Harmless when repeated. */
    public Evacuation resume(UUID id) {
        return change(id, EvacuationState.RUNNING, () -> migrations.release(id));
    }

    /**
     * Calls it off: nothing further starts, what runs is aborted where the hypervisor can; every domain stays or goes on
     * where it is. Harmless when repeated.
     */
    public Evacuation cancel(UUID id) {
        Evacuation cancelling = change(id, EvacuationState.CANCELLING, () -> migrations.hold(id));
        migrations.cancelWaiting(id, Failure.of(FailureCode.ABORTED, "the evacuation was cancelled"));
        for (Migration migration : journal.ofEvacuation(id)) {
            if (migration.state() == MigrationState.RUNNING) {
                abortQuietly(migration);
            }
        }
        return cancelling;
    }

    private void abortQuietly(Migration migration) {
        try {
            migrations.abort(migration.id());
        } catch (FailureException e) {
            // it goes on to its end, which its own row will tell
            log.alert(migration, e.failure());
        }
    }

    private synchronized Evacuation change(UUID id, EvacuationState next, Runnable effect) {
        Evacuation now = evacuation(id);
        if (now.state() == next) {
            return now;
        }
        if (now.state().isFinal() || now.state() == EvacuationState.CANCELLING) {
            throw new FailureException(
                    FailureCode.EVACUATION_ENDED,
                    "evacuation " + id + " is " + now.state() + "; it can no longer become " + next);
        }
        Evacuation changed = now.in(next);
        store.update(changed);
        effect.run();
        log.changed(now.state(), changed);
        return changed;
    }
}
