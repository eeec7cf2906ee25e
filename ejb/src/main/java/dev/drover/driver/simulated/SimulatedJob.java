package dev.drover.driver.simulated;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationPhase;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.hypervisor.PhaseLog;
import dev.drover.hypervisor.VerbArguments;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A migration as one client sees it over its connection to the source; when that ends, so does the view, no more. */
final class SimulatedJob implements MigrationJob {

    private static final double MIB = 1024.0 * 1024.0;

    private final SimulatedFleet fleet;
    private final SimulatedMigration migration;
    private final SimulatedConnection source;
    private final boolean adopted;
    private final CompletableFuture<Domain> result = new CompletableFuture<>();
    private final PhaseLog phases;

    /** @param adopted whether somebody else started it, so that its own failure is not told here */
    SimulatedJob(SimulatedFleet fleet, SimulatedMigration migration, SimulatedConnection source, boolean adopted) {
        this.fleet = fleet;
        this.migration = migration;
        this.source = source;
        this.adopted = adopted;
        this.phases = new PhaseLog(migration.isManaged() && !adopted ? MigrationPhase.BEGIN : MigrationPhase.PERFORM);
    }

    SimulatedMigration migration() {
        return migration;
    }

    void enter(MigrationPhase step) {
        phases.enter(step);
    }

    void arrived(Domain domain) {
        phases.enter(MigrationPhase.ENDED);
        result.complete(domain);
    }

    void failed(Failure why) {
        phases.enter(MigrationPhase.ENDED);
        Failure told = adopted
                ? Failure.of(
                        FailureCode.NO_DOMAIN,
                        "domain '" + migration.guest().name() + "' is not on "
                                + migration.destination().name() + " after its job has ended")
                : why;
        result.completeExceptionally(new HypervisorException(told.code(), told.message()));
    }

    void lost(Failure why) {
        phases.enter(MigrationPhase.ENDED);
        result.completeExceptionally(new HypervisorException(why.code(), why.message()));
    }

    @Override
    public UUID domain() {
        return migration.guest().uuid();
    }

    @Override
    public MigrationPhase phase() {
        return phases.phase();
    }

    @Override
    public void onPhase(Consumer<MigrationPhase> listener) {
        phases.listen(listener);
    }

    @Override
    public CompletionStage<Domain> result() {
        return result;
    }

    @Override
    public CompletionStage<JobStats> stats() {
        return ask(() -> fleet.stats(migration));
    }

    @Override
    public CompletionStage<Void> abort() {
        return tell(fleet.jobs()::abort);
    }

    @Override
    public CompletionStage<Void> setMaxSpeed(long mebibytesPerSecond) {
        return tell(running -> running.limit(VerbArguments.speed(mebibytesPerSecond) * MIB));
    }

    @Override
    public CompletionStage<Long> maxSpeed() {
        return ask(() -> (long) (migration.limit() / MIB));
    }

    @Override
    public CompletionStage<Void> setMaxPostCopySpeed(long mebibytesPerSecond) {
        return tell(running -> running.limitPostCopy(
                mebibytesPerSecond == 0 ? Double.MAX_VALUE : VerbArguments.speed(mebibytesPerSecond) * MIB));
    }

    @Override
    public CompletionStage<Void> setMaxDowntime(Duration most) {
        return tell(running -> running.allow(VerbArguments.downtime(most)));
    }

    @Override
    public CompletionStage<Duration> maxDowntime() {
        return ask(() -> migration.maxDowntime(MigrationPhases.MAX_DOWNTIME));
    }

    @Override
    public boolean isHeldInPostCopy() {
        return migration.isManaged() && migration.order().held() && !adopted;
    }

    @Override
    public CompletionStage<Void> startPostCopy() {
        return tell(fleet.jobs()::startPostCopy);
    }

    @Override
    public CompletionStage<Void> pausePostCopy() {
        return tell(fleet.jobs()::pausePostCopy);
    }

    @Override
    public CompletionStage<Long> compressionCache() {
        return ask(() -> {
            source.migrationSupport().require(Verb.COMPRESSION_CACHE);
            return 0L;
        });
    }

    @Override
    public CompletionStage<Void> setCompressionCache(long bytes) {
        return compressionCache().thenApply(size -> null);
    }

    private CompletionStage<Void> tell(Consumer<SimulatedMigration> wish) {
        return ask(() -> {
            fleet.jobs().change(migration, wish);
            return null;
        });
    }

    private <T> CompletionStage<T> ask(java.util.function.Supplier<T> question) {
        try {
            source.requireAnswer();
            return CompletableFuture.completedFuture(question.get());
        } catch (HypervisorException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
