package dev.drover.driver.simulated;

import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.hypervisor.MigrationPhase;
import dev.drover.model.Failure;
import dev.drover.model.MigrateFlag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A migration as the two hosts have it, whoever watches it. The fleet's lock guards it. */
final class SimulatedMigration {

    private static final double MIB = 1024.0 * 1024.0;

    /** The phases of libvirt's protocol; the state that a crash leaves behind depends on which it was. */
    enum Phase {
        BEGIN,
        /** The destination is making room. */
        PREPARE,
        /** The memory is copied while the guest runs. */
        PERFORM,
        /** The guest stands still for the rest. */
        SWITCHOVER,
        /** All of the guest is on the destination, which has not been told to let it run. */
        FINISH,
        /** The guest runs on the destination; the source has not been told to let go. */
        CONFIRM,
        /** The source has gone over to post-copy; the destination is about to be told to run its copy. */
        SWITCHED,
        /** Its client is gone in that moment: the source pushes the memory over, the destination waits to be told. */
        UNTOLD,
        /** The guest runs on the destination and fetches the rest from the source. */
        POST_COPY,
        ENDED
    }

    /**
     * What was asked for.
     *
     * @param guest the source's copy as it was
     * @param client the caller's connections, on whose life a managed migration depends
     * @param held whether the destination's copy is held beyond that life from the switch to post-copy on
     */
    record Order(
            SimulatedDomain guest,
            SimulatedNode source,
            SimulatedNode destination,
            String newName,
            Set<MigrateFlag> flags,
            MigrationMode mode,
            List<SimulatedConnection> client,
            boolean held) {}

    private final Order order;
    private final List<SimulatedJob> followers = new ArrayList<>();
    private Phase phase = Phase.BEGIN;
    private Duration left;
    private Duration stalled = Duration.ZERO;
    private Duration elapsed = Duration.ZERO;
    private PreCopy copy;
    private double rate;
    private double limit = Double.MAX_VALUE;
    private double postCopyLimit = Double.MAX_VALUE;
    private @Nullable Duration allowed;
    private @Nullable Duration downtime;
    private boolean postCopyWanted;
    private boolean arrived;
    private boolean broughtDefinition;
    private boolean brokenOff;
    private boolean unattended;
    private @Nullable Consumer<Optional<Failure>> finisher;

    SimulatedMigration(Order order, Duration first) {
        this.order = order;
        this.left = first;
        SimulatedDomain guest = order.guest();
        this.copy = PreCopy.begin(guest.memoryMiB() * MIB, guest.dirtyRate(), guest.workingSet());
    }

    /** One that broke off in post-copy, going on where it stopped. */
    SimulatedMigration recovered(Order again) {
        var going = new SimulatedMigration(again, Duration.ZERO);
        going.phase = Phase.POST_COPY;
        going.copy = copy;
        going.elapsed = elapsed;
        return going;
    }

    Order order() {
        return order;
    }

    SimulatedDomain guest() {
        return order.guest();
    }

    SimulatedNode source() {
        return order.source();
    }

    SimulatedNode destination() {
        return order.destination();
    }

    boolean isManaged() {
        return order.mode() == MigrationMode.MANAGED;
    }

    Phase phase() {
        return phase;
    }

    /** The step that its driver is at, as far as a client sees the steps. */
    MigrationPhase step() {
        if (!isManaged()) {
            return phase == Phase.ENDED ? MigrationPhase.ENDED : MigrationPhase.PERFORM;
        }
        return switch (phase) {
            case BEGIN -> MigrationPhase.BEGIN;
            case PREPARE -> MigrationPhase.PREPARE;
            case PERFORM, SWITCHOVER -> MigrationPhase.PERFORM;
            case FINISH, SWITCHED, UNTOLD, POST_COPY -> MigrationPhase.FINISH;
            case CONFIRM -> MigrationPhase.CONFIRM;
            case ENDED -> MigrationPhase.ENDED;
        };
    }

    void enter(Phase next, Duration length) {
        phase = next;
        left = length;
    }

    /** Whether the phase's own time is over. */
    boolean isDue(Duration step) {
        left = left.minus(step);
        return left.isZero() || left.isNegative();
    }

    /** @return for how long it has not got on */
    Duration stall(Duration step) {
        stalled = stalled.plus(step);
        return stalled;
    }

    void goOn(Duration step) {
        stalled = Duration.ZERO;
        elapsed = elapsed.plus(step);
    }

    PreCopy advance(Duration step, double bytesPerSecond) {
        rate = bytesPerSecond;
        copy = copy.advance(step, bytesPerSecond);
        return copy;
    }

    void nextRound() {
        copy = copy.nextRound();
    }

    void switched() {
        copy = copy.switched();
    }

    void stand(Duration stood) {
        downtime = stood;
        copy = copy.finished();
    }

    double limit() {
        return phase == Phase.POST_COPY ? postCopyLimit : limit;
    }

    void limitPostCopy(double bytesPerSecond) {
        postCopyLimit = bytesPerSecond;
    }

    void limit(double bytesPerSecond) {
        limit = bytesPerSecond;
    }

    Duration maxDowntime(Duration usual) {
        return Optional.ofNullable(allowed).orElse(usual);
    }

    void allow(Duration mostDowntime) {
        allowed = mostDowntime;
    }

    boolean isPostCopyWanted() {
        return postCopyWanted;
    }

    void wantPostCopy() {
        postCopyWanted = true;
    }

    /** Whether it broke in post-copy, so that it can be recovered. */
    boolean isBrokenOff() {
        return brokenOff;
    }

    void breakOff() {
        brokenOff = true;
    }

    /** Whether its client is gone and the hosts end it alone. */
    boolean isUnattended() {
        return unattended;
    }

    void leaveToHosts() {
        unattended = true;
        followers.clear();
        if (phase == Phase.SWITCHED) {
            phase = Phase.UNTOLD;
        }
    }

    /** Somebody else has told the destination to run its copy. @param whenOver hears how that ended */
    void finishedBy(Consumer<Optional<Failure>> whenOver) {
        finisher = whenOver;
    }

    Optional<Consumer<Optional<Failure>>> finisher() {
        return Optional.ofNullable(finisher);
    }

    /** It is over. @param well whether the guest is on the destination and the source has let go */
    void end(boolean well) {
        phase = Phase.ENDED;
        arrived = well;
    }

    /** Whether the destination's definition came with this migration. */
    boolean broughtDefinition() {
        return broughtDefinition;
    }

    void bringDefinition() {
        broughtDefinition = true;
    }

    void follow(SimulatedJob job) {
        followers.add(job);
    }

    void unfollow(SimulatedJob job) {
        followers.remove(job);
    }

    List<SimulatedJob> followers() {
        return List.copyOf(followers);
    }

    JobStats stats() {
        if (phase == Phase.ENDED && !arrived) {
            return JobStats.none();
        }
        if (phase == Phase.BEGIN || phase == Phase.PREPARE) {
            // libvirt knows of a job, but nothing is counted before the destination is up
            return new JobStats(JobStats.Type.UNBOUNDED, elapsed, Duration.ZERO, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of());
        }
        return new JobStats(
                phase == Phase.ENDED ? JobStats.Type.COMPLETED : JobStats.Type.UNBOUNDED,
                elapsed,
                Optional.ofNullable(downtime).orElse(Duration.ZERO),
                (long) copy.total(),
                (long) copy.sent(),
                (long) copy.remaining(),
                (long) copy.total(),
                (long) copy.sent(),
                (long) copy.remaining(),
                (long) rate,
                (long) guest().dirtyRate(),
                copy.iteration(),
                Map.of());
    }
}
