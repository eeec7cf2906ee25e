package dev.drover.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.JobStats;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.migration.Migration;
import dev.drover.migration.Moves;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private static final double EXACT = 1e-9;

    private final Migration running = Moves.planned("a", "h1", "h2", 100)
            .begun(Instant.EPOCH, MigrationMode.PEER_TO_PEER, DomainStatus.running());
    private final Migration done = running.completed(Instant.EPOCH, 1, 1, "a", null);

    @Test
    void partThatIsStillMissingCountsNotWhatWasSent() {
        assertEquals(0.25, Progress.of(running, stats(400, 300)), EXACT);
    }

    @Test
    void nothingIsKnownBeforeTheDestinationIsReady() {
        assertEquals(0, Progress.of(running, JobStats.none()), EXACT);
    }

    @Test
    void nothingIsWholeBeforeItsEnd() {
        assertTrue(Progress.of(running, stats(400, 0)) < 1);
        assertEquals(1, Progress.of(done, JobStats.none()), EXACT);
    }

    @Test
    void guestThatGrewMeanwhileIsNotBelowNothing() {
        assertEquals(0, Progress.of(running, stats(400, 500)), EXACT);
    }

    @Test
    void manyAreWeightedByTheirMemory() {
        Migration small = Moves.planned("b", "h1", "h2", 300);
        assertEquals(0.25, Progress.of(List.of(done, small), each -> JobStats.none()), EXACT);
    }

    @Test
    void whatHasNowhereToGoIsNoWork() {
        Migration blocked = Moves.planned("c", "h1", null, 900);
        assertEquals(1, Progress.of(List.of(done, blocked), each -> JobStats.none()), EXACT);
        assertEquals(1, Progress.of(List.of(), each -> JobStats.none()), EXACT);
    }

    @Test
    void failedOneIsFinishedWork() {
        Migration failed = running.failed(Instant.EPOCH, Failure.of(FailureCode.RPC_ERROR, "gone"), 0);
        assertEquals(1, Progress.of(failed, stats(400, 300)), EXACT);
    }

    private static JobStats stats(long total, long remaining) {
        return new JobStats(
                JobStats.Type.UNBOUNDED,
                Duration.ZERO,
                Duration.ZERO,
                total,
                0,
                remaining,
                total,
                total * 3,
                remaining,
                0,
                0,
                1,
                Map.of());
    }
}
