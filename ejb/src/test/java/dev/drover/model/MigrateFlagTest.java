package dev.drover.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrateFlagTest {

    @Test
    void bitsAreLibvirtsWithoutAGap() {
        for (MigrateFlag flag : MigrateFlag.values()) {
            assertEquals(flag.ordinal(), flag.bit(), flag.name());
        }
        assertEquals(20, MigrateFlag.ZEROCOPY.bit());
    }

    @Test
    void maskHasABitForEachFlag() {
        assertEquals(0, MigrateFlag.mask(Set.of()));
        assertEquals(
                1 | 1 << 1 | 1 << 15,
                MigrateFlag.mask(List.of(MigrateFlag.POSTCOPY, MigrateFlag.LIVE, MigrateFlag.PEER2PEER)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PERSIST_DEST", "persist_dest", "persist-dest", " VIR_MIGRATE_PERSIST_DEST "})
    void spellingsOfOneFlagAreTheSame(String name) {
        assertEquals(MigrateFlag.PERSIST_DEST, MigrateFlag.parse(name));
    }

    @ParameterizedTest
    @EnumSource
    void everyFlagIsReadByItsNameAndExplained(MigrateFlag flag) {
        assertEquals(flag, MigrateFlag.parse(flag.name()));
        assertTrue(flag.since().isAtLeast(LibvirtVersion.parse("0.3.2")), flag.since()::toString);
        assertTrue(flag.summary().length() > 10, flag.summary());
    }

    @ParameterizedTest
    @ValueSource(strings = {"FAST", "", "LIVE PEER2PEER", "1"})
    void unknownFlagIsRefusedWithThoseThereAre(String name) {
        var refusal = assertThrows(FailureException.class, () -> MigrateFlag.parseAll(List.of("LIVE", name)));
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal.failure().code());
        assertTrue(refusal.failure().message().contains("unknown flag '" + name + "'"));
        assertTrue(refusal.failure().message().contains("LIVE, PEER2PEER"));
    }
}
