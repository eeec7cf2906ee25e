package dev.drover.memory;

import dev.drover.memory.InMemoryDatabase.Lease;
import dev.drover.memory.InMemoryDatabase.Owned;
import dev.drover.ownership.Life;
import dev.drover.ownership.LifeStore;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Lives in memory. */
final class InMemoryLives implements LifeStore {

    private final InMemoryDatabase database;

    InMemoryLives(InMemoryDatabase database) {
        this.database = database;
    }

    @Override
    public void begin(Life life, Duration lease) {
        database.write(() ->
                database.lives.put(life.id(), new Lease(life, database.now().plus(lease), false)));
    }

    @Override
    public boolean renew(UUID life, Duration lease) {
        return database.write(() -> {
            Lease known = database.lives.get(life);
            if (known == null || known.ended()) {
                return false;
            }
            database.lives.put(life, new Lease(known.life(), database.now().plus(lease), false));
            return true;
        });
    }

    @Override
    public List<Life> expired(UUID besides) {
        return database.read(() -> database.lives.values().stream()
                .filter(lease -> isExpired(lease) && !lease.life().id().equals(besides))
                .map(Lease::life)
                .toList());
    }

    private boolean isExpired(Lease lease) {
        return !lease.ended() && lease.until().compareTo(database.now()) < 0;
    }

    @Override
    public List<Life> ofNode(String node, UUID besides) {
        return database.read(() -> database.lives.values().stream()
                .filter(lease -> !lease.ended()
                        && lease.life().node().equals(node)
                        && !lease.life().id().equals(besides))
                .map(Lease::life)
                .toList());
    }

    @Override
    public boolean inherit(Life dead, Life heir, boolean onlyExpired) {
        return database.write(() -> {
            Lease lease = database.lives.get(dead.id());
            if (lease == null || lease.ended() || (onlyExpired && !isExpired(lease))) {
                return false;
            }
            database.lives.put(dead.id(), new Lease(dead, lease.until(), true));
            database.migrations.replaceAll((id, owned) ->
                    owned.owner().equals(dead.id()) && !owned.row().state().isFinal()
                            ? new Owned<>(owned.row(), heir.id())
                            : owned);
            database.evacuations.replaceAll((id, owned) ->
                    owned.owner().equals(dead.id()) && !owned.row().state().isFinal()
                            ? new Owned<>(
                                    heir.node().equals(dead.node())
                                            ? owned.row()
                                            : owned.row().executedBy(0),
                                    heir.id())
                            : owned);
            return true;
        });
    }

    @Override
    public void adoptOrphans(Life heir) {
        // every row in memory has had an owner from its first moment
    }

    @Override
    public void end(UUID life) {
        database.write(() -> database.lives.computeIfPresent(
                life, (id, lease) -> new Lease(lease.life(), Duration.ofSeconds(-1), lease.ended())));
    }
}
