package dev.drover.it.inside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.audit.AuditTrail;
import dev.drover.audit.Surface;
import dev.drover.evacuation.Alert;
import dev.drover.evacuation.Alerts;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationService;
import dev.drover.evacuation.EvacuationState;
import dev.drover.evacuation.EvacuationVerbs;
import dev.drover.fleet.HostRegistry;
import dev.drover.migration.Journal;
import dev.drover.migration.MigrateArguments;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationRequests;
import dev.drover.migration.MigrationStep;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.Host;
import dev.drover.planner.PlanRequest;
import dev.drover.pool.ConnectionPool;
import dev.drover.pool.ConnectionStateChanged;
import dev.drover.pool.Lease;
import dev.drover.pool.PoolConfig;
import dev.drover.pool.Purpose;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The application as it is shipped, with this class as one more module in it. */
@ExtendWith(ArquillianExtension.class)
@NullUnmarked
class InsideServerIT {

    private static final Actor BY = new Actor("a test inside the server", Surface.REST);

    @Inject
    private ConnectionPool pool;

    @Inject
    private PoolConfig config;

    @Inject
    private HeardChanges changes;

    @Inject
    private HostRegistry registry;

    @Inject
    private EvacuationVerbs verbs;

    @Inject
    private EvacuationService evacuations;

    @Inject
    private Journal journal;

    @Inject
    private MigrationRequests requests;

    @Inject
    private Alerts alerts;

    @Inject
    private AuditTrail audit;

    @Resource(lookup = "java:jboss/datasources/DroverDS")
    private DataSource database;

    @Resource
    private UserTransaction transaction;

    @Deployment
    static EnterpriseArchive application() throws IOException {
        return Application.with(InsideServerIT.class);
    }

    @Test
    void poolIsInjectedAndLendsConnections() {
        ConnectUri host = registry.host("h1").uri();
        try (Lease lease = pool.lease(host, Purpose.CONTROL)) {
            assertEquals("h1", lease.connection().hostname());
        }
        assertTrue(pool.statistics(host).created() > 0);
    }

    @Test
    void poolTakesItsSettingsFromTheServersSystemProperties() {
        assertEquals(7, config.workMax());
        assertEquals(7, pool.statistics(registry.host("h1").uri()).work().max());
        assertEquals(PoolConfig.defaults().controlMax(), config.controlMax());
    }

    @Test
    void changesOfAConnectionAreCdiEventsForEveryModule() throws InterruptedException {
        ConnectUri nobody = ConnectUri.parse("sim://nobody");
        try (Lease lease = pool.lease(nobody, Purpose.CONTROL)) {
            throw new AssertionError("leased " + lease);
        } catch (dev.drover.model.FailureException expected) {
            ConnectionStateChanged change = changes.next(nobody);
            assertNotNull(change);
            assertEquals(ConnectionStateChanged.State.BROKEN, change.to());
            assertEquals(expected.failure().code(), dev.drover.model.FailureCode.HOST_OFFLINE);
        }
    }

    @Test
    void whatIsKeptIsOnDiskWhateverTheCallersTransactionDoes() throws Exception {
        transaction.begin();
        registry.register(new Host("kept", ConnectUri.parse("sim://kept")));
        transaction.rollback();
        try (var connection = database.getConnection();
                var rows = connection.createStatement().executeQuery("select uri from host where name = 'kept'")) {
            assertTrue(rows.next());
            assertEquals("sim://kept", rows.getString(1));
        } finally {
            registry.remove("kept");
        }
    }

    @Test
    void batchArtifactsAreFoundAndEmptyAHost() throws InterruptedException {
        Evacuation started = verbs.start(PlanRequest.of("h4"), BY);
        await("the job ends", () -> evacuations.evacuation(started.id()).state().isFinal());
        Evacuation ended = evacuations.evacuation(started.id());
        assertEquals(EvacuationState.COMPLETED, ended.state(), () -> String.valueOf(ended.failure()));
        assertTrue(ended.execution() > 0, "the batch runtime has an execution of it");
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        Instant end = Instant.now().plus(Duration.ofMinutes(3));
        while (!condition.getAsBoolean()) {
            assertTrue(Instant.now().isBefore(end), "not yet: " + what);
            Thread.sleep(100);
        }
    }

    /** Only the journal has it, as after a restart. */
    @Test
    void openQuestionOfTheJournalIsAnAlertUntilItIsAcknowledged() throws InterruptedException {
        Migration lost = lost();
        await("it is told", () -> alert(lost).isPresent());
        Alert alert = alert(lost).orElseThrow();
        assertTrue(alert.acknowledgeable());
        assertEquals(lost.failure(), alert.reason());
        assertEquals(lost.finishedAt(), alert.since());

        requests.acknowledge(lost.id(), "made up by a test", BY);
        assertEquals(Optional.empty(), alert(lost));
        requests.acknowledge(lost.id(), "again", BY);
        assertEquals(
                List.of("made up by a test"),
                audit.ofMigration(lost.id()).stream()
                        .filter(entry -> entry.what().equals(MigrationStep.ACKNOWLEDGE.name()))
                        .map(AuditEntry::detail)
                        .toList());
    }

    private Optional<Alert> alert(Migration migration) {
        return alerts.list().stream()
                .filter(each -> migration.id().equals(each.migration()))
                .findFirst();
    }

    private Migration lost() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Migration planned = Migration.planned(
                null,
                0,
                new Domain(UUID.randomUUID(), "lost", DomainStatus.running(), 1, 1, true),
                new Migration.Route("h1", ConnectUri.parse("sim://h1"), "h2", ConnectUri.parse("sim://h2")),
                MigrateArguments.live(),
                null,
                now);
        journal.insert(List.of(planned), BY);
        Migration lost = planned.failed(now, Failure.of(FailureCode.OUTCOME_UNKNOWN, "it is nowhere"), 0);
        return journal.update(lost, lost.entry(MigrationStep.FAIL, BY, planned.state(), now, ""));
    }
}
