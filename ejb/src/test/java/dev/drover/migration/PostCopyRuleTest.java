package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.driver.simulated.SimulatedDriver;
import dev.drover.driver.simulated.SimulatedFleet;
import dev.drover.driver.simulated.SimulatedHost;
import dev.drover.hypervisor.ConnectOptions;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.ManagedPostCopy;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.time.VirtualTimers;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PostCopyRuleTest {

    private static final UUID GUEST = new UUID(7, 7);
    private static final Set<MigrateFlag> POSTCOPY = Set.of(MigrateFlag.LIVE, MigrateFlag.POSTCOPY);

    private final SimulatedFleet fleet = new SimulatedFleet(
            new VirtualTimers(Instant.EPOCH),
            List.of(new SimulatedHost("a", 8, 65536, 1e8), new SimulatedHost("b", 8, 65536, 1e8)),
            List.of(new SimulatedDomain(GUEST, "web", "a", DomainStatus.running(), 1024, 1, 1e6, 1e7)));

    private HypervisorConnection open(String host, ManagedPostCopy managed) {
        return new SimulatedDriver(fleet, managed).open(ConnectUri.parse("sim://" + host), ConnectOptions.defaults());
    }

    private MigrationJob started(MigrationMode mode, ManagedPostCopy managed) {
        return open("a", managed)
                .startMigration(GUEST, open("b", managed), POSTCOPY, null, null, MigrateParams.none(), mode);
    }

    private static Migration underWay(MigrationMode mode, Set<MigrateFlag> flags) {
        return Migration.planned(
                        null,
                        0,
                        new Domain(GUEST, "web", DomainStatus.running(), 1024, 1, false),
                        Moves.planned("web", "a", "b", 64).route(),
                        new MigrateArguments(flags, null, null, MigrateParams.none()),
                        null,
                        Instant.EPOCH)
                .begun(Instant.EPOCH, mode, DomainStatus.running());
    }

    private static void refuses(Migration migration, MigrationJob job) {
        assertFalse(PostCopyRule.permits(migration, job));
        FailureException why = assertThrows(FailureException.class, () -> PostCopyRule.check(migration, job));
        assertEquals(FailureCode.ARGUMENT_UNSUPPORTED, why.failure().code());
    }

    @ParameterizedTest
    @EnumSource
    void whatTheHostsDriveMayBeSwitched(ManagedPostCopy managed) {
        MigrationJob job = started(MigrationMode.PEER_TO_PEER, managed);
        Migration migration = underWay(MigrationMode.PEER_TO_PEER, POSTCOPY);
        assertTrue(PostCopyRule.permits(migration, job));
        assertDoesNotThrow(() -> PostCopyRule.check(migration, job));
    }

    @Test
    void whatThisServerDrivesAndHoldsMayBeSwitched() {
        MigrationJob job = started(MigrationMode.MANAGED, ManagedPostCopy.HELD);
        Migration migration = underWay(MigrationMode.MANAGED, POSTCOPY);
        assertTrue(PostCopyRule.permits(migration, job));
        assertDoesNotThrow(() -> PostCopyRule.check(migration, job));
    }

    @Test
    void whatNobodyHoldsMayNot() {
        refuses(underWay(MigrationMode.MANAGED, POSTCOPY), started(MigrationMode.MANAGED, ManagedPostCopy.REFUSED));
    }

    /** Its client may be a server that is frozen: when that wakes, the copy goes with it. */
    @Test
    void whatAnotherServerDrivesMayNot() {
        started(MigrationMode.MANAGED, ManagedPostCopy.HELD);
        MigrationJob found = open("a", ManagedPostCopy.HELD)
                .findMigration(GUEST, open("b", ManagedPostCopy.HELD))
                .orElseThrow();
        refuses(underWay(MigrationMode.MANAGED, POSTCOPY), found);
    }

    @Test
    void droverDoesNotSwitchWhatWasNotPermitted() {
        MigrationJob job = started(MigrationMode.PEER_TO_PEER, ManagedPostCopy.HELD);
        assertFalse(PostCopyRule.permits(underWay(MigrationMode.PEER_TO_PEER, Set.of(MigrateFlag.LIVE)), job));
    }

    @ParameterizedTest
    @EnumSource
    void requestNeedsBothHostsForIt(ManagedPostCopy source) {
        var here = open("a", source).migrationSupport();
        var there = open("b", ManagedPostCopy.HELD).migrationSupport();
        assertDoesNotThrow(() -> PostCopyRule.check(MigrationMode.PEER_TO_PEER, POSTCOPY, here, there));
        assertDoesNotThrow(() -> PostCopyRule.check(MigrationMode.MANAGED, Set.of(MigrateFlag.LIVE), here, there));
        if (source == ManagedPostCopy.HELD) {
            assertDoesNotThrow(() -> PostCopyRule.check(MigrationMode.MANAGED, POSTCOPY, here, there));
        } else {
            assertThrows(
                    FailureException.class, () -> PostCopyRule.check(MigrationMode.MANAGED, POSTCOPY, here, there));
            assertThrows(
                    FailureException.class, () -> PostCopyRule.check(MigrationMode.MANAGED, POSTCOPY, there, here));
        }
    }
}
