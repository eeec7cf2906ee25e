package dev.drover.memory;

import dev.drover.audit.AuditTrail;
import dev.drover.evacuation.EvacuationStore;
import dev.drover.memory.InMemoryDatabase.Owned;
import dev.drover.migration.Journal;
import dev.drover.ownership.Life;
import dev.drover.persistence.StoresContract;
import dev.drover.time.VirtualTimers;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

class InMemoryStoresTest extends StoresContract {

    private static final UUID NOBODY = new UUID(0, 0);

    private final InMemoryDatabase database = new InMemoryDatabase(new VirtualTimers(Instant.EPOCH));
    private final Life life = new Life(UUID.randomUUID(), "n1");

    InMemoryStoresTest() {
        database.lives().begin(life, Duration.ofSeconds(30));
    }

    @Override
    protected Journal journal() {
        return database.journal(() -> life);
    }

    @Override
    protected EvacuationStore evacuations() {
        return database.evacuations(() -> life);
    }

    @Override
    protected AuditTrail audit() {
        return database.audit();
    }

    @Override
    protected void takeAwayMigration(UUID id) {
        database.migrations.computeIfPresent(id, (key, owned) -> new Owned<>(owned.row(), NOBODY));
    }

    @Override
    protected void takeAwayEvacuation(UUID id) {
        database.evacuations.computeIfPresent(id, (key, owned) -> new Owned<>(owned.row(), NOBODY));
    }
}
