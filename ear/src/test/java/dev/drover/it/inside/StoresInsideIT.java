package dev.drover.it.inside;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.audit.AuditTrail;
import dev.drover.evacuation.EvacuationStore;
import dev.drover.migration.Journal;
import dev.drover.persistence.StoreRows;
import dev.drover.persistence.StoresContract;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.extension.ExtendWith;

/** The stores as the server has them: JPA, transactions of their own, the provisioned database. */
@ExtendWith(ArquillianExtension.class)
@NullUnmarked
class StoresInsideIT extends StoresContract {

    @Inject
    private Journal journal;

    @Inject
    private EvacuationStore evacuations;

    @Inject
    private AuditTrail audit;

    @Resource(lookup = "java:jboss/datasources/DroverDS")
    private DataSource database;

    @Deployment
    static EnterpriseArchive application() throws IOException {
        return Application.with(StoresInsideIT.class, StoresContract.class, StoreRows.class);
    }

    @Override
    protected Journal journal() {
        return journal;
    }

    @Override
    protected EvacuationStore evacuations() {
        return evacuations;
    }

    @Override
    protected AuditTrail audit() {
        return audit;
    }

    @Override
    protected void takeAwayMigration(UUID id) {
        takeAway("update migration set owner = ? where id = ?", id);
    }

    @Override
    protected void takeAwayEvacuation(UUID id) {
        takeAway("update evacuation set owner = ? where id = ?", id);
    }

    private void takeAway(String statement, UUID id) {
        try (var connection = database.getConnection();
                var update = connection.prepareStatement(statement)) {
            update.setObject(1, UUID.randomUUID());
            update.setObject(2, id);
            assertEquals(1, update.executeUpdate());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
