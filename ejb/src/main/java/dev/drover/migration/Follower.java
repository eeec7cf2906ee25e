package dev.drover.migration;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorEvent.Lifecycle;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches one job under way: its progress, its convergence schedule, its limits, and whether its user suspends the guest
 * meanwhile. Ends with the job.
 */
final class Follower {

    // libvirt's detail of a suspension or resumption that a user asked for
    private static final int BY_USER = 0;
    private static final int LOOKS_PER_STATUS = 10;

    private final MigrationContext context;
    private final RunRecord record;
    private final JobControl control;
    private final Consumer<JobStats> progress;
    private final MigrationJob job;
    private final HypervisorConnection source;
    private final HypervisorConnection.Subscription subscription;
    private final Duration began;
    private RoundSizes rounds = RoundSizes.none();
    private Headway headway;
    private int looks;
    // heard in order on one thread, written down by others in any order
    private volatile boolean wish;
    private volatile boolean ended;

    Follower(
            MigrationContext context,
            RunRecord record,
            JobControl control,
            MigrationJob job,
            HypervisorConnection source,
            Consumer<JobStats> progress) {
        this.context = context;
        this.record = record;
        this.control = control;
        this.progress = progress;
        this.job = job;
        this.source = source;
        this.began = context.timers().uptime();
        this.headway = Headway.begin(began);
        this.subscription = source.subscribe(this::heard);
    }

    void start() {
        lookLater();
    }

    void end() {
        ended = true;
        subscription.close();
    }

    private void lookLater() {
        context.timers().after(context.config().statsInterval(), () -> {
            if (!ended) {
                job.stats().whenComplete((stats, error) -> context.executor().execute(() -> {
                    look(error == null ? stats : JobStats.none());
                    lookLater();
                }));
            }
        });
    }

    private synchronized void look(JobStats stats) {
        if (ended || stats.type() == JobStats.Type.NONE) {
            return;
        }
        progress.accept(stats);
        rounds = rounds.seen(stats);
        Duration now = context.timers().uptime();
        headway = headway.seen(stats, now);
        if (looks++ % LOOKS_PER_STATUS == LOOKS_PER_STATUS - 1) {
            lookAtGuest();
        }
        Duration here = now.minus(began);
        Duration elapsed = stats.elapsed().compareTo(here) > 0 ? stats.elapsed() : here;
        boolean postCopy = record.position().postCopy();
        var exceeded = context.config()
                .limits()
                .exceeded(record.migration().memoryMiB(), elapsed, now.minus(headway.at()), postCopy);
        if (exceeded.isPresent()) {
            control.giveUp(exceeded.get());
        } else {
            converge(stats);
        }
    }

    private void converge(JobStats stats) {
        ConvergenceSchedule.Decision decision = context.config()
                .convergence()
                .next(
                        record.position(),
                        rounds,
                        stats.memoryBytesPerSecond(),
                        PostCopyRule.permits(record.migration(), job),
                        context.now());
        if (decision instanceof ConvergenceSchedule.Decision.RaiseDowntime raise
                && record.advance(
                        MigrationStep.SET_MAX_DOWNTIME,
                        raise.next(),
                        raise.downtime().toMillis() + " ms")) {
            job.setMaxDowntime(raise.downtime()).whenComplete((done, error) -> refused(error));
        } else if (decision instanceof ConvergenceSchedule.Decision.SwitchToPostCopy change) {
            control.startPostCopy(job, change.next()).whenComplete((done, error) -> refused(error));
        }
    }

    // the next round asks again; what is told is why the guest takes so long
    private void refused(@Nullable Throwable error) {
        if (error != null) {
            Failure why = FailureException.failureOf(error);
            context.listener().alert(record.migration(), why);
        }
    }

    private void heard(HypervisorEvent event) {
        if (event instanceof Lifecycle change
                && change.domain().equals(job.domain())
                && change.detail() == BY_USER
                && !ended) {
            if (change.event() == Lifecycle.Kind.SUSPENDED || change.event() == Lifecycle.Kind.RESUMED) {
                wish = change.event() == Lifecycle.Kind.SUSPENDED;
                context.executor().execute(this::noteWish);
            }
        }
    }

    private synchronized void noteWish() {
        record.suspendedByUser(wish);
        if (!ended) {
            lookAtGuest();
        }
    }

    // events may be lost or late; what the guest does now says it as well
    private void lookAtGuest() {
        try {
            source.findDomain(job.domain()).ifPresent(domain -> {
                DomainStatus status = domain.status();
                if (status.isPausedByUser()) {
                    record.suspendedByUser(true);
                } else if (status.isRunning()) {
                    record.suspendedByUser(false);
                }
            });
        } catch (FailureException e) {
            // the job's own end will tell
            return;
        }
    }
}
