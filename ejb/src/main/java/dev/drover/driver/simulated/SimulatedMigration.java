package dev.drover.driver.simulated;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A migration of the simulated fleet; the fleet's lock guards its copy. */
final class SimulatedMigration implements MigrationJob {

    private static final double MIB = 1024.0 * 1024.0;

    private final SimulatedFleet fleet;
    private final SimulatedDomain guest;
    private final String destination;
    private final String newName;
    private final CompletableFuture<Domain> result = new CompletableFuture<>();
    private volatile PreCopy copy;
    private volatile double rate;
    private volatile double limit = Double.MAX_VALUE;
    private volatile @Nullable Duration allowed;
    private volatile Duration elapsed = Duration.ZERO;
    private volatile @Nullable Duration downtime;

    SimulatedMigration(SimulatedFleet fleet, SimulatedDomain guest, String destination, String newName) {
        this.fleet = fleet;
        this.guest = guest;
        this.destination = destination;
        this.newName = newName;
        this.copy = PreCopy.begin(guest.memoryMiB() * MIB, guest.dirtyRate(), guest.workingSet());
    }

    SimulatedDomain guest() {
        return guest;
    }

    String destination() {
        return destination;
    }

    String newName() {
        return newName;
    }

    double limit() {
        return limit;
    }

    Duration maxDowntime(Duration usual) {
        Duration set = allowed;
        return set == null ? usual : set;
    }

    PreCopy advance(Duration step, double bytesPerSecond) {
        rate = bytesPerSecond;
        elapsed = elapsed.plus(step);
        copy = copy.advance(step, bytesPerSecond);
        return copy;
    }

    void nextRound() {
        copy = copy.nextRound();
    }

    void finish(Duration stood) {
        downtime = stood;
        copy = copy.finished();
    }

    void succeed(Domain arrived) {
        result.complete(arrived);
    }

    void fail(HypervisorException why) {
        result.completeExceptionally(why);
    }

    JobStats now() {
        PreCopy at = copy;
        Duration stood = downtime;
        return new JobStats(
                stood == null ? JobStats.Type.BOUNDED : JobStats.Type.COMPLETED,
                elapsed,
                stood == null ? Duration.ZERO : stood,
                (long) at.total(),
                (long) at.sent(),
                (long) at.remaining(),
                (long) at.total(),
                (long) at.sent(),
                (long) at.remaining(),
                (long) rate,
                (long) guest.dirtyRate(),
                at.iteration(),
                Map.of());
    }

    @Override
    public UUID domain() {
        return guest.uuid();
    }

    @Override
    public CompletionStage<Domain> result() {
        return result;
    }

    @Override
    public CompletionStage<JobStats> stats() {
        return CompletableFuture.completedFuture(now());
    }

    @Override
    public CompletionStage<Void> abort() {
        try {
            fleet.abort(this);
            return CompletableFuture.completedFuture(null);
        } catch (HypervisorException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletionStage<Void> setMaxSpeed(long mebibytesPerSecond) {
        limit = Math.max(1, mebibytesPerSecond) * MIB;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> setMaxDowntime(Duration most) {
        allowed = most;
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> startPostCopy() {
        return CompletableFuture.failedFuture(new HypervisorException(
                FailureCode.NO_SUPPORT, "the simulated fleet knows no post-copy; raise the downtime instead"));
    }
}
