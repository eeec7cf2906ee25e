package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.audit.Actor;
import dev.drover.audit.Surface;
import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.driver.simulated.SimulatedFleet;
import dev.drover.driver.simulated.SimulatedHost;
import dev.drover.memory.InMemoryDatabase;
import dev.drover.memory.ServerInMemory;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is done about a copy that does not get on, in virtual time. */
class FollowerTest {

    private static final Instant START = Instant.parse("2026-11-26T00:00:00Z");
    private static final double MIB = 1024.0 * 1024.0;
    private static final UUID GUEST = new UUID(7, 7);
    private static final int MEMORY_MIB = 4096;

    private final VirtualTimers time = new VirtualTimers(START);

    /** It went on until its whole time was up: real hosts call each copy "unbounded", and that was taken for not telling. */
    @Test
    void copyWithoutHeadwayIsGivenUpLongBeforeItsTimeIsUp() {
        var fleet = new SimulatedFleet(
                time,
                List.of(new SimulatedHost("a", 8, 65536, 100 * MIB), new SimulatedHost("b", 8, 65536, 100 * MIB)),
                List.of(new SimulatedDomain(
                        GUEST, "web", "a", DomainStatus.running(), MEMORY_MIB, 1, 200 * MIB, 2048 * MIB)));
        ServerInMemory server = new ServerInMemory("n1", time, fleet, new InMemoryDatabase(time)).begin(true);
        Migration migration = Migration.planned(
                null,
                0,
                new Domain(GUEST, "web", DomainStatus.running(), MEMORY_MIB, 1, false),
                Moves.planned("web", "a", "b", MEMORY_MIB).route(),
                MigrateArguments.live(),
                null,
                START);
        server.migrations().submit(List.of(migration), new Actor("test", Surface.REST));
        assertTrue(time.runUntil(() -> row(server, migration).state() == MigrationState.FAILED));

        Failure why = Objects.requireNonNull(row(server, migration).failure());
        assertEquals(FailureCode.NOT_CONVERGING, why.code());
        assertTrue(why.message().contains("no headway for 150 s"), why::message);
        Duration took = Duration.between(START, time.clock().instant());
        assertTrue(took.compareTo(MigrationLimits.defaults().longest(MEMORY_MIB)) < 0, took::toString);
        assertEquals(
                List.of("a"), fleet.copies().stream().map(SimulatedDomain::host).toList());
    }

    private static Migration row(ServerInMemory server, Migration migration) {
        return server.journal().find(migration.id()).orElseThrow();
    }
}
