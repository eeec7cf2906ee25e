package dev.drover.evacuation;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Evacuations for tests. */
public final class Evacuations {

    private Evacuations() {}

    public static Evacuation of(String host, EvacuationState state) {
        return new Evacuation(
                UUID.nameUUIDFromBytes(("evacuation of " + host).getBytes(StandardCharsets.UTF_8)),
                Evacuation.Kind.EVACUATION,
                host,
                null,
                state,
                "REST test",
                0,
                null,
                Instant.EPOCH,
                state.isFinal() ? Instant.EPOCH : null);
    }
}
