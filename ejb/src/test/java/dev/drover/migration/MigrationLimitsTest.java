package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a migration is given up, and when it is tried again. */
class MigrationLimitsTest {

    private static final MigrationLimits LIMITS = MigrationLimits.defaults();

    @ParameterizedTest(name = "{0} MiB after {1} s, {2} s without headway, post-copy {3}: given up {4}")
    @CsvSource({
        "64,    300,  0,   false, false",
        "64,    301,  0,   false, true",
        "4096,  600,  0,   false, false",
        "4096,  601,  0,   false, true",
        "4096,  200,  150, false, false",
        "4096,  200,  151, false, true",
        "4096,  9999, 999, true,  false",
    })
    void sizeAndHeadwayDecide(long memoryMiB, long elapsed, long sinceLow, boolean postCopy, boolean givenUp) {
        var why = LIMITS.exceeded(memoryMiB, Duration.ofSeconds(elapsed), Duration.ofSeconds(sinceLow), postCopy);
        assertEquals(givenUp, why.isPresent());
        why.ifPresent(failure -> assertEquals(FailureCode.NOT_CONVERGING, failure.code()));
    }

    @ParameterizedTest(name = "{0} after {1} tries: again {2}")
    @CsvSource({
        "NOT_CONVERGING, 1, true",
        "NOT_CONVERGING, 2, true",
        "NOT_CONVERGING, 3, false",
        "HOST_OFFLINE,   1, true",
        "RPC_ERROR,      2, true",
        "ABORTED,        1, false",
        "MIGRATE_UNSAFE, 1, false",
        "NO_DOMAIN,      1, false",
        "INTERNAL,       1, false",
    })
    void onlyWhatMayPassIsTriedAgainAndOnlyTwice(FailureCode code, int tries, boolean again) {
        Failure why = Failure.of(code, "why");
        assertEquals(again, LIMITS.triesAgain(of(UUID.randomUUID()), why, tries));
        assertFalse(LIMITS.triesAgain(of(null), why, tries), "a single call answers with its error");
    }

    private static Migration of(@Nullable UUID evacuation) {
        ConnectUri uri = ConnectUri.parse("sim://a");
        Migration migration = Migration.planned(
                evacuation,
                0,
                new Domain(new UUID(1, 1), "web", DomainStatus.running(), 64, 1, false),
                new Migration.Route("a", uri, "b", uri),
                MigrateArguments.live(),
                null,
                Instant.EPOCH);
        assertTrue(migration.duration(Instant.EPOCH).isZero());
        return migration;
    }
}
