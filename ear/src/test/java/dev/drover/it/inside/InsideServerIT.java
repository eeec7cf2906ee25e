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
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.Testable;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The application as it is shipped, with this class as one more module in it. */
@ExtendWith(ArquillianExtension.class)
@NullUnmarked
class InsideServerIT {

    private static final String BEANS =
            "<beans xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"4.0\" bean-discovery-mode=\"annotated\"/>";

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
        JavaArchive observers = ShrinkWrap.create(JavaArchive.class, "observers.jar")
                .addClass(HeardChanges.class)
                .addAsManifestResource(new StringAsset(BEANS), "beans.xml");
        // a context of its own: Arquillian's servlet could not pass the page's login
        WebArchive tests = ShrinkWrap.create(WebArchive.class, "inside.war")
                .addClass(InsideServerIT.class)
                .addAsWebInfResource(new StringAsset(BEANS), "beans.xml");
        EnterpriseArchive drover = ShrinkWrap.create(ZipImporter.class, "drover.ear")
                .importFrom(new File(System.getProperty("application")))
                .as(EnterpriseArchive.class);
        String descriptor;
        try (var stream = drover.get("META-INF/application.xml").getAsset().openStream()) {
            descriptor = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
        String modules = "<module><ejb>observers.jar</ejb></module><module><web><web-uri>inside.war</web-uri>"
                + "<context-root>/inside</context-root></web></module>";
        drover.setApplicationXML(
                new StringAsset(descriptor.replaceFirst("(?=<library-directory>|</application>)", modules)));
        return drover.addAsModule(observers).addAsModule(Testable.archiveToTest(tests));
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
