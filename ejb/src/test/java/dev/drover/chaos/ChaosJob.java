package dev.drover.chaos;

import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationPhase;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A job whose end only a living controller hears of. */
final class ChaosJob implements MigrationJob {

    private final World world;
    private final Incarnation controller;
    private final MigrationJob job;
    private final ConnectUri source;
    private final CompletableFuture<Domain> result = new CompletableFuture<>();

    ChaosJob(World world, Incarnation controller, MigrationJob job, ConnectUri source) {
        this.world = world;
        this.controller = controller;
        this.job = job;
        this.source = source;
        job.result().whenComplete((domain, error) -> {
            if (!controller.isAlive()) {
                return;
            }
            if (error == null) {
                result.complete(domain);
            } else {
                result.completeExceptionally(error);
            }
        });
    }

    private <T> T call(String what, Supplier<T> call) {
        world.steps().at(controller, "before " + what);
        T answer = call.get();
        world.steps().at(controller, "after " + what);
        return answer;
    }

    private <T> T change(Change.Kind kind, Supplier<T> call) {
        world.changes().about(new Change(kind, domain(), source.host().orElse("")));
        return call(kind.toString(), call);
    }

    @Override
    public UUID domain() {
        return job.domain();
    }

    @Override
    public CompletionStage<Domain> result() {
        return result;
    }

    @Override
    public CompletionStage<JobStats> stats() {
        return call("stats", job::stats);
    }

    @Override
    public CompletionStage<Void> abort() {
        world.changes()
                .about(new Change(Change.Kind.ABORT, domain(), source.host().orElse("")));
        return call("abort", job::abort);
    }

    @Override
    public CompletionStage<Void> setMaxSpeed(long mebibytesPerSecond) {
        return call("setMaxSpeed", () -> job.setMaxSpeed(mebibytesPerSecond));
    }

    @Override
    public CompletionStage<Void> setMaxDowntime(Duration downtime) {
        return change(Change.Kind.SET_MAX_DOWNTIME, () -> job.setMaxDowntime(downtime));
    }

    @Override
    public boolean isHeldInPostCopy() {
        return job.isHeldInPostCopy();
    }

    @Override
    public CompletionStage<Void> startPostCopy() {
        return change(Change.Kind.START_POST_COPY, job::startPostCopy);
    }

    @Override
    public MigrationPhase phase() {
        return job.phase();
    }

    @Override
    public void onPhase(Consumer<MigrationPhase> listener) {
        job.onPhase(phase -> {
            if (controller.isAlive()) {
                listener.accept(phase);
            }
        });
    }

    @Override
    public CompletionStage<Long> maxSpeed() {
        return call("maxSpeed", job::maxSpeed);
    }

    @Override
    public CompletionStage<Void> setMaxPostCopySpeed(long mebibytesPerSecond) {
        return call("setMaxPostCopySpeed", () -> job.setMaxPostCopySpeed(mebibytesPerSecond));
    }

    @Override
    public CompletionStage<Duration> maxDowntime() {
        return call("maxDowntime", job::maxDowntime);
    }

    @Override
    public CompletionStage<Void> pausePostCopy() {
        return call("pausePostCopy", job::pausePostCopy);
    }

    @Override
    public CompletionStage<Long> compressionCache() {
        return call("compressionCache", job::compressionCache);
    }

    @Override
    public CompletionStage<Void> setCompressionCache(long bytes) {
        return call("setCompressionCache", () -> job.setCompressionCache(bytes));
    }
}
