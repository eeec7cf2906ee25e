package dev.drover.persistence;

import dev.drover.ownership.Life;
import dev.drover.ownership.LifeStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.persistence.Query;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** Lives in the database, in plain SQL: the database's own clock decides, and one statement takes over. */
@ApplicationScoped
@Transactional(Transactional.TxType.REQUIRES_NEW)
@NullUnmarked
public class JpaLives implements LifeStore {

    private static final String NOW_MS = "cast(extract(epoch from current_timestamp) * 1000 as bigint)";
    private static final String UNFINISHED_EVACUATION = "state in ('PLANNING', 'RUNNING', 'PAUSED', 'CANCELLING')";
    private static final String UNFINISHED_MIGRATION = "state in ('PLANNED', 'RUNNING')";

    @PersistenceContext(unitName = "drover")
    private EntityManager database;

    @Override
    public void begin(Life life, Duration lease) {
        sql("insert into life (id, node, begun_at, expires_ms, ended) values (cast(:id as uuid), :node,"
                        + " current_timestamp, " + NOW_MS + " + :lease, false)")
                .setParameter("id", life.id().toString())
                .setParameter("node", life.node())
                .setParameter("lease", lease.toMillis())
                .executeUpdate();
    }

    @Override
    public boolean renew(UUID life, Duration lease) {
        return sql("update life set expires_ms = " + NOW_MS
                                + " + :lease where id = cast(:id as uuid) and ended = false")
                        .setParameter("id", life.toString())
                        .setParameter("lease", lease.toMillis())
                        .executeUpdate()
                > 0;
    }

    @Override
    public List<Life> expired(UUID besides) {
        return lives(sql("select cast(id as varchar), node from life where ended = false and expires_ms < " + NOW_MS
                        + " and id <> cast(:besides as uuid)")
                .setParameter("besides", besides.toString()));
    }

    @Override
    public List<Life> ofNode(String node, UUID besides) {
        return lives(sql("select cast(id as varchar), node from life where ended = false and node = :node"
                        + " and id <> cast(:besides as uuid)")
                .setParameter("node", node)
                .setParameter("besides", besides.toString()));
    }

    private static List<Life> lives(Query query) {
        List<?> rows = query.getResultList();
        return rows.stream()
                .map(Object[].class::cast)
                .map(row -> new Life(UUID.fromString((String) row[0]), (String) row[1]))
                .toList();
    }

    @Override
    public boolean inherit(Life dead, Life heir, boolean onlyExpired) {
        int ended = sql("update life set ended = true where id = cast(:id as uuid) and ended = false"
                        + (onlyExpired ? " and expires_ms < " + NOW_MS : ""))
                .setParameter("id", dead.id().toString())
                .executeUpdate();
        if (ended == 0) {
            return false;
        }
        give(heir, "owner = cast(:dead as uuid)", dead.id());
        return true;
    }

    @Override
    public void adoptOrphans(Life heir) {
        give(heir, "owner is null", null);
    }

    private void give(Life heir, String whose, UUID dead) {
        // an execution has its number in its own server's job repository; in another one that number means nothing
        Query evacuations = sql("update evacuation set owner = cast(:heir as uuid),"
                + " execution = case when node = :node then execution else 0 end, node = :node where "
                + UNFINISHED_EVACUATION + " and " + whose);
        Query migrations =
                sql("update migration set owner = cast(:heir as uuid) where " + UNFINISHED_MIGRATION + " and " + whose);
        evacuations.setParameter("node", heir.node());
        for (Query query : List.of(evacuations, migrations)) {
            query.setParameter("heir", heir.id().toString());
            if (dead != null) {
                query.setParameter("dead", dead.toString());
            }
            query.executeUpdate();
        }
    }

    @Override
    public void end(UUID life) {
        sql("update life set expires_ms = 0 where id = cast(:id as uuid) and ended = false")
                .setParameter("id", life.toString())
                .executeUpdate();
    }

    private Query sql(String statement) {
        return database.createNativeQuery(statement);
    }
}
