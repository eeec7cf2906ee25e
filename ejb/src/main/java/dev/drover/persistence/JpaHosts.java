package dev.drover.persistence;

import dev.drover.fleet.HostStore;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullUnmarked;

/** The registry's hosts in the database. */
@ApplicationScoped
@Typed(JpaHosts.class)
@Transactional(Transactional.TxType.REQUIRES_NEW)
@NullUnmarked
public class JpaHosts implements HostStore {

    @PersistenceContext(unitName = "drover")
    private EntityManager database;

    @Override
    public List<Entry> all() {
        return database.createQuery("select h from HostRow h order by h.name", HostRow.class)
                .getResultStream()
                .map(HostRow::entry)
                .toList();
    }

    @Override
    public Optional<Entry> find(String name) {
        return Optional.ofNullable(database.find(HostRow.class, name)).map(HostRow::entry);
    }

    @Override
    public void insert(Entry entry) {
        database.persist(new HostRow(entry));
    }

    @Override
    public void delete(String name) {
        Optional.ofNullable(database.find(HostRow.class, name)).ifPresent(database::remove);
    }
}
