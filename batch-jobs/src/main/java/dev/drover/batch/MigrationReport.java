package dev.drover.batch;

import dev.drover.migration.Migration;
import jakarta.batch.api.chunk.AbstractItemWriter;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Named;
import java.lang.System.Logger.Level;
import java.util.List;

/** Says of each finished migration what became of it; the row itself was journalled before. */
@Named("migrationReport")
@Dependent
public class MigrationReport extends AbstractItemWriter {

    private static final System.Logger LOG = System.getLogger(MigrationReport.class.getName());

    @Override
    public void writeItems(List<Object> items) {
        for (Object item : items) {
            if (item instanceof Migration migration) {
                LOG.log(
                        Level.INFO,
                        "evacuation {0}: {1} {2}",
                        migration.evacuation(),
                        migration.domainName(),
                        migration.state());
            }
        }
    }
}
