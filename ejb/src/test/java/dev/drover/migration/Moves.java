package dev.drover.migration;

import dev.drover.model.ConnectUri;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Migrations for tests. */
public final class Moves {

    private Moves() {}

    /** @param to null for a domain that has nowhere to go */
    public static Migration planned(String domain, String from, @Nullable String to, long memoryMiB) {
        return new Migration(
                UUID.nameUUIDFromBytes(("migration of " + domain).getBytes(StandardCharsets.UTF_8)),
                null,
                0,
                UUID.nameUUIDFromBytes(domain.getBytes(StandardCharsets.UTF_8)),
                domain,
                memoryMiB,
                new Migration.Route(
                        from,
                        ConnectUri.parse("sim://" + from),
                        to,
                        to == null ? null : ConnectUri.parse("sim://" + to)),
                MigrateArguments.live(),
                MigrationState.PLANNED,
                null,
                null,
                0,
                0,
                0,
                Instant.EPOCH,
                null,
                null,
                null);
    }
}
