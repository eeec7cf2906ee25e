package dev.drover.migration;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrationLimit;
import dev.drover.pool.Lease;
import dev.drover.pool.Purpose;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One migration from its turn to its end. Whatever the call says, the end is what both hosts say afterwards: it is
 * journalled only when they have been asked, and as long as one of them does not answer the migration stays RUNNING and
 * is looked at again.
 */
final class MigrationRun {

    private final MigrationContext context;
    private final BiConsumer<MigrationState, Migration> ended;
    private final Consumer<Migration> again;
    private volatile Migration migration;
    private volatile JobStats stats = JobStats.none();
    private volatile @Nullable MigrationJob job;
    private volatile boolean abortWanted;
    private volatile @Nullable Lease source;
    private volatile @Nullable Lease destination;
    private Duration nextLook;
    private boolean alerted;

    MigrationRun(
            MigrationContext context,
            Migration migration,
            BiConsumer<MigrationState, Migration> ended,
            Consumer<Migration> again) {
        this.context = context;
        this.migration = migration;
        this.ended = ended;
        this.again = again;
        this.nextLook = context.config().firstLook();
    }

    Migration migration() {
        return migration;
    }

    JobStats stats() {
        return stats;
    }

    /** Its turn has come. Blocks until the call is under way. */
    void begin() {
        try {
            HypervisorConnection from = lease();
            HypervisorConnection to = leaseDestination();
            Domain domain = from.findDomain(migration.domain())
                    .orElseThrow(() -> new FailureException(
                            FailureCode.NO_DOMAIN,
                            "domain '" + migration.domainName() + "' is no longer on "
                                    + migration.route().source()));
            if (abortWanted) {
                conclude(MigrationState.CANCELLED, Failure.of(FailureCode.ABORTED, "called off before it had started"));
                return;
            }
            // on disk before the hypervisor hears of it
            migration = context.journal().update(migration.begun(context.now(), domain.status()));
            context.listener().changed(MigrationState.PLANNED, migration);
            start(from, to);
        } catch (FailureException e) {
            conclude(MigrationState.FAILED, e.failure());
        } catch (RuntimeException e) {
            conclude(MigrationState.FAILED, FailureException.failureOf(e));
        }
    }

    private void start(HypervisorConnection from, HypervisorConnection to) {
        MigrateArguments arguments = migration.arguments();
        MigrationJob started;
        try {
            started = from.startMigration(
                    migration.domain(),
                    to,
                    arguments.flags(),
                    arguments.dname(),
                    arguments.hostname(),
                    arguments.params(),
                    Optional.ofNullable(arguments.mode()).orElseGet(() -> from.mode(to, arguments.flags())));
        } catch (RuntimeException e) {
            settle(Optional.of(FailureException.failureOf(e)));
            return;
        }
        follow(started);
    }

    /** Finds out what became of it in an earlier life of the server, and goes on from there. */
    void takeUp() {
        settle(Optional.empty());
    }

    private void follow(MigrationJob started) {
        job = started;
        if (abortWanted) {
            started.abort();
        }
        look(started);
        started.result().whenComplete((domain, error) -> context.executor().execute(() -> {
            job = null;
            finalStats(started);
            settle(error == null ? Optional.empty() : Optional.of(FailureException.failureOf(error)));
        }));
    }

    private void finalStats(MigrationJob started) {
        started.stats().whenComplete((last, error) -> {
            if (error == null && last.type() == JobStats.Type.COMPLETED) {
                stats = last;
            }
        });
    }

    private void look(MigrationJob followed) {
        context.timers().after(context.config().statsInterval(), () -> {
            if (!followed.equals(job)) {
                return;
            }
            followed.stats().whenComplete((now, error) -> {
                if (error == null && now.type() != JobStats.Type.NONE) {
                    stats = now;
                    context.listener().progressed(migration, now);
                }
                look(followed);
            });
        });
    }

    void abort() {
        refuseWhereNothingAborts();
        abortWanted = true;
        MigrationJob running = job;
        if (running == null) {
            return;
        }
        try {
            running.abort().toCompletableFuture().join();
        } catch (java.util.concurrent.CompletionException e) {
            abortWanted = false;
            throw new FailureException(FailureException.failureOf(e), e);
        }
    }

    /**
     * Asks something of the migration while it is under way.
     *
     * @throws FailureException when it is not, or the hypervisor refuses
     */
    void ask(Function<MigrationJob, CompletionStage<Void>> verb) {
        MigrationJob running = job;
        if (running == null) {
            throw notUnderWay(migration);
        }
        try {
            verb.apply(running).toCompletableFuture().join();
        } catch (java.util.concurrent.CompletionException e) {
            throw new FailureException(FailureException.failureOf(e), e);
        }
    }

    static FailureException notUnderWay(Migration migration) {
        return new FailureException(
                FailureCode.OPERATION_INVALID,
                "migration: " + migration.id() + " of '" + migration.domainName() + "' is " + migration.state()
                        + " and copies nothing now; ask while it runs");
    }

    // a wish taken now and refused by the hypervisor in a moment would be believed
    private void refuseWhereNothingAborts() {
        Lease held = source;
        boolean begun = migration.state() == MigrationState.RUNNING;
        if (begun
                && held != null
                && held.connection().migrationSupport().limits().contains(MigrationLimit.NO_ABORT)) {
            throw new FailureException(
                    FailureCode.NO_SUPPORT,
                    held.connection().migrationSupport().hypervisor() + " cannot abort a migration that has begun: '"
                            + migration.domainName() + "' goes on running on "
                            + migration.route().source() + " until it has moved; wait for the end");
        }
    }

    // both hosts decide what happened; the call's own word is only the reason that is told
    private void settle(Optional<Failure> callFailure) {
        Observation seen;
        Optional<MigrationJob> underWay;
        try {
            HypervisorConnection from = lease();
            HypervisorConnection to = leaseDestination();
            underWay = from.findMigration(migration.domain(), to);
            seen = new Observation(
                    from.findDomain(migration.domain()), to.findDomain(migration.domain()), underWay.isPresent());
        } catch (FailureException e) {
            // a connection that failed goes back, so that the next look gets one that works
            releaseLeases();
            lookAgain(callFailure, e.failure());
            return;
        }
        DomainStatus prior = Optional.ofNullable(migration.prior()).orElse(DomainStatus.running());
        switch (Reconcile.decide(prior, seen)) {
            case ADOPT -> follow(underWay.orElseThrow());
            case MOVED -> complete(seen.destination());
            case NOT_MOVED -> stayed(callFailure);
            case WAIT ->
                lookAgain(
                        callFailure,
                        unclear("the copies of '" + migration.domainName()
                                + "' have not settled yet; Drover looks again"));
            case FINISH_MOVE ->
                lookAgain(
                        callFailure,
                        unclear("'" + migration.domainName() + "' runs on "
                                + migration.route().destination()
                                + " and stands still on " + migration.route().source()
                                + "; its remainder there is for an operator to destroy"));
            case RESUME_SOURCE ->
                lookAgain(
                        callFailure,
                        unclear("'" + migration.domainName() + "' stands still on "
                                + migration.route().source()
                                + " and is not on " + migration.route().destination()
                                + "; an operator may resume it there"));
            case POST_COPY ->
                lookAgain(
                        callFailure,
                        unclear("'" + migration.domainName()
                                + "' broke off in post-copy: neither copy is complete; recover the "
                                + "post-copy migration, and destroy or resume neither"));
            case BOTH_RUNNING ->
                conclude(
                        MigrationState.FAILED,
                        Failure.of(
                                FailureCode.QUARANTINED,
                                "'" + migration.domainName() + "' runs on "
                                        + migration.route().source() + " and on "
                                        + migration.route().destination()
                                        + "; Drover touches neither, an operator must choose"));
            case LOST ->
                conclude(
                        MigrationState.FAILED,
                        Failure.of(
                                FailureCode.OUTCOME_UNKNOWN,
                                "'" + migration.domainName() + "' is active on neither host"
                                        + callFailure
                                                .map(f -> ": " + f.message())
                                                .orElse("")));
        }
    }

    private static Failure unclear(String message) {
        return Failure.of(FailureCode.OUTCOME_UNKNOWN, message);
    }

    private void stayed(Optional<Failure> callFailure) {
        if (abortWanted) {
            conclude(MigrationState.CANCELLED, callFailure.orElse(Failure.of(FailureCode.ABORTED, "called off")));
        } else if (callFailure.isPresent()) {
            conclude(MigrationState.FAILED, callFailure.get());
        } else {
            // nobody saw it fail: the server died before the call, or while it failed
            releaseLeases();
            again.accept(context.journal().update(migration.replanned()));
        }
    }

    private void complete(Optional<Domain> arrived) {
        String name = arrived.map(Domain::name).orElse(migration.domainName());
        MigrationState before = migration.state();
        migration = context.journal()
                .update(migration.completed(
                        context.now(), bytes(), stats.downtime().toMillis(), name));
        releaseLeases();
        ended.accept(before, migration);
    }

    private void conclude(MigrationState state, Failure why) {
        MigrationState before = migration.state();
        migration = context.journal()
                .update(
                        state == MigrationState.CANCELLED
                                ? migration.cancelled(context.now(), why, bytes())
                                : migration.failed(context.now(), why, bytes()));
        releaseLeases();
        ended.accept(before, migration);
    }

    private long bytes() {
        return stats.dataProcessed();
    }

    private void lookAgain(Optional<Failure> callFailure, Failure why) {
        if (!alerted) {
            alerted = true;
            context.listener().alert(migration, why);
        }
        Duration wait = nextLook;
        Duration doubled = wait.multipliedBy(2);
        nextLook = doubled.compareTo(context.config().longestLook()) > 0
                ? context.config().longestLook()
                : doubled;
        context.timers().after(wait, () -> context.executor().execute(() -> settle(callFailure)));
    }

    private HypervisorConnection lease() {
        Lease held = source;
        if (held == null) {
            held = context.pool().lease(migration.route().sourceUri(), Purpose.WORK);
            source = held;
        }
        return held.connection();
    }

    private HypervisorConnection leaseDestination() {
        Lease held = destination;
        if (held == null) {
            ConnectUri uri = migration.route().destinationUri();
            if (uri == null) {
                throw new IllegalStateException("migration " + migration.id() + " has no destination");
            }
            held = context.pool().lease(uri, Purpose.WORK);
            destination = held;
        }
        return held.connection();
    }

    private void releaseLeases() {
        Lease from = source;
        Lease to = destination;
        source = null;
        destination = null;
        if (from != null) {
            from.close();
        }
        if (to != null) {
            to.close();
        }
    }
}
