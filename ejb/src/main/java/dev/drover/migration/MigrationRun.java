package dev.drover.migration;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.ownership.LeaseLapsed;
import dev.drover.ownership.LeaseLost;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One migration from its turn to its end. Whatever the call says, the end is what both hosts say afterwards: it is
 * journalled only when they have been asked ({@link Settlement}), and as long as one of them does not answer the
 * migration stays RUNNING and is looked at again. A run that is dropped touches nothing any more; what it started goes
 * on.
 */
final class MigrationRun implements Settlement.Run {

    /** What its end means to those who wait for their turn. */
    interface Turn {

        void ended(MigrationState before, Migration migration);

        /** It has not moved and waits for another turn, from the end of the queue, after {@code wait}. */
        void again(MigrationState before, Migration migration, Duration wait);

        /** It is another server's. */
        void lost(Migration migration);
    }

    private final MigrationContext context;
    private final RunRecord record;
    private final JobControl control;
    private final BothEnds ends;
    private final Ending ending;
    private final Settlement settlement;
    private final Turn turn;
    private volatile JobStats stats = JobStats.none();
    // what was sent when it broke off, while it is to go on from there
    private volatile OptionalLong stoodAt = OptionalLong.empty();
    private volatile boolean standing;
    private volatile @Nullable Follower follower;

    /** @param tries how often it had its turn before, begun or not */
    MigrationRun(MigrationContext context, Migration migration, Turn turn, int tries) {
        this.context = context;
        this.record = new RunRecord(context, migration, this::lost);
        this.control = new JobControl(context, record);
        this.ends = new BothEnds(context.pool(), migration);
        this.ending = new Ending(context, record, ends, turn, tries, this::stats);
        this.settlement = new Settlement(context, record, control, ends, ending, this);
        this.turn = turn;
    }

    Migration migration() {
        return record.migration();
    }

    JobStats stats() {
        return stats;
    }

    JobControl control() {
        return control;
    }

    /** Whether it would end with this server: nobody but this client drives it. */
    boolean diesWithClient() {
        return migration().state() == MigrationState.RUNNING && migration().isManaged();
    }

    /** Its turn has come. Blocks until the call is under way. */
    void begin() {
        try {
            context.ownership().require();
            HypervisorConnection from = ends.source();
            HypervisorConnection to = ends.destination();
            Domain domain = from.findDomain(migration().domain())
                    .orElseThrow(() -> new FailureException(
                            FailureCode.NO_DOMAIN,
                            "domain '" + migration().domainName() + "' is no longer on "
                                    + migration().route().source()));
            if (control.isAbortWanted()) {
                ending.cancel(Ending.CALLED_OFF);
                return;
            }
            MigrateArguments arguments = migration().arguments();
            MigrationMode mode =
                    Optional.ofNullable(arguments.mode()).orElseGet(() -> from.mode(to, arguments.flags()));
            // on disk before the hypervisor hears of it
            if (!record.begin(mode, domain.status())) {
                ending.closedMeanwhile();
                return;
            }
            context.listener().changed(MigrationState.PLANNED, migration());
            start(from, to, mode);
        } catch (LeaseLost e) {
            lost();
        } catch (JournalUnavailable | LeaseLapsed e) {
            // nothing has been asked of the hypervisor: it may wait
            context.listener().alert(migration(), e.failure());
            ending.postpone();
        } catch (RuntimeException e) {
            notBegun(FailureException.failureOf(e));
        }
    }

    private void notBegun(Failure why) {
        if (!control.isAbortWanted() && ending.triesAgain(why)) {
            context.listener().alert(migration(), why);
            ending.postpone();
        } else {
            ending.fail(why);
        }
    }

    private void start(HypervisorConnection from, HypervisorConnection to, MigrationMode mode) {
        MigrateArguments arguments = migration().arguments();
        MigrationJob started;
        try {
            if (!control.begins(from.migrationSupport())) {
                ending.cancel(Ending.CALLED_OFF);
                return;
            }
            context.ownership().require();
            started = from.startMigration(
                    migration().domain(),
                    to,
                    arguments.flags(),
                    arguments.dname(),
                    arguments.hostname(),
                    arguments.params(),
                    mode);
        } catch (LeaseLapsed e) {
            // the row says that it runs, so it is found out that it does not
            control.ended();
            settlement.settle(Optional.empty());
            return;
        } catch (RuntimeException e) {
            control.ended();
            settlement.settle(Optional.of(FailureException.failureOf(e)));
            return;
        }
        follow(started, from);
    }

    /** Finds out what became of it in an earlier life of a server, and goes on from there. */
    void takeUp() {
        settlement.settle(Optional.empty());
    }

    /** Stops following it and touches nothing: what runs goes on, and whoever owns it finds out what became of it. */
    void drop() {
        record.close();
        control.ended();
        endFollower();
        ends.release();
    }

    @Override
    public void lost() {
        drop();
        turn.lost(migration());
    }

    @Override
    public void goOn(MigrationJob recovered, HypervisorConnection source) {
        stoodAt = OptionalLong.empty();
        standing = true;
        follow(recovered, source);
    }

    @Override
    public void follow(MigrationJob job, HypervisorConnection source) {
        if (record.isClosed()) {
            ends.release();
            return;
        }
        control.follow(job, source.migrationSupport());
        Follower watching = new Follower(context, record, control, job, source, this::progressed);
        follower = watching;
        watching.start();
        job.result().whenComplete((domain, error) -> context.executor().execute(() -> {
            control.ended();
            endFollower();
            finalStats(job);
            settlement.settle(error == null ? Optional.empty() : Optional.of(FailureException.failureOf(error)));
        }));
    }

    private void endFollower() {
        Follower watching = follower;
        follower = null;
        if (watching != null) {
            watching.end();
        }
    }

    private void finalStats(MigrationJob ended) {
        ended.stats().whenComplete((last, error) -> {
            if (error == null && last.type() == JobStats.Type.COMPLETED) {
                stats = last;
            }
        });
    }

    private void progressed(JobStats now) {
        stats = now;
        if (!stillStands(now)) {
            context.listener().progressed(migration(), now);
        }
    }

    // a recovery has figures before it has sent anything, and what was told of the guest still holds
    private boolean stillStands(JobStats now) {
        if (standing && stoodAt.isEmpty()) {
            stoodAt = OptionalLong.of(now.dataProcessed());
        }
        standing = standing && now.dataProcessed() <= stoodAt.orElseThrow();
        return standing;
    }
}
