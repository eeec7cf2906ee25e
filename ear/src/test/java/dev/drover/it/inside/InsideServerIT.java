package dev.drover.it.inside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.audit.Actor;
import dev.drover.audit.Surface;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationService;
import dev.drover.evacuation.EvacuationState;
import dev.drover.evacuation.EvacuationVerbs;
import dev.drover.fleet.HostRegistry;
import dev.drover.model.ConnectUri;
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
        Evacuation started = verbs.start(PlanRequest.of("h4"), new Actor("a test inside the server", Surface.REST));
        Instant end = Instant.now().plus(Duration.ofMinutes(3));
        while (!evacuations.evacuation(started.id()).state().isFinal()) {
            assertTrue(Instant.now().isBefore(end), "the job does not end");
            Thread.sleep(100);
        }
        Evacuation ended = evacuations.evacuation(started.id());
        assertEquals(EvacuationState.COMPLETED, ended.state(), () -> String.valueOf(ended.failure()));
        assertTrue(ended.execution() > 0, "the batch runtime has an execution of it");
    }
}
