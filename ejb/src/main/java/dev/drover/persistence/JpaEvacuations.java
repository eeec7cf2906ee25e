package dev.drover.persistence;

import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationState;
import dev.drover.evacuation.EvacuationStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** Evacuations in the database. */
@ApplicationScoped
@Transactional(Transactional.TxType.REQUIRES_NEW)
@NullUnmarked
public class JpaEvacuations implements EvacuationStore {

    private static final List<EvacuationState> UNFINISHED = Arrays.stream(EvacuationState.values())
            .filter(state -> !state.isFinal())
            .toList();

    @PersistenceContext(unitName = "drover")
    private EntityManager database;

    @Override
    public void insert(Evacuation evacuation) {
        database.persist(new EvacuationRow(evacuation));
    }

    @Override
    public void update(Evacuation evacuation) {
        database.merge(new EvacuationRow(evacuation));
    }

    @Override
    public Optional<Evacuation> find(UUID id) {
        return Optional.ofNullable(database.find(EvacuationRow.class, id)).map(EvacuationRow::evacuation);
    }

    @Override
    public List<Evacuation> newest(int limit) {
        return database.createQuery("select e from EvacuationRow e order by e.createdAt desc", EvacuationRow.class)
                .setMaxResults(limit)
                .getResultStream()
                .map(EvacuationRow::evacuation)
                .toList();
    }

    @Override
    public List<Evacuation> unfinished() {
        return database.createQuery(
                        "select e from EvacuationRow e where e.state in :states order by e.createdAt",
                        EvacuationRow.class)
                .setParameter("states", UNFINISHED)
                .getResultStream()
                .map(EvacuationRow::evacuation)
                .toList();
    }

    @Override
    public Optional<Evacuation> ofExecutions(List<Long> executions) {
        return database.createQuery(
                        "select e from EvacuationRow e where e.execution in :executions order by e.createdAt desc",
                        EvacuationRow.class)
                .setParameter("executions", executions)
                .setMaxResults(1)
                .getResultStream()
                .map(EvacuationRow::evacuation)
                .findFirst();
    }

    @Override
    public Optional<Evacuation> lastCompleted(String host) {
        return database.createQuery(
                        "select e from EvacuationRow e where e.host = :host and e.state = :completed"
                                + " order by e.createdAt desc",
                        EvacuationRow.class)
                .setParameter("host", host)
                .setParameter("completed", EvacuationState.COMPLETED)
                .setMaxResults(1)
                .getResultStream()
                .map(EvacuationRow::evacuation)
                .filter(evacuation -> evacuation.kind() == Evacuation.Kind.EVACUATION)
                .findFirst();
    }
}
