package dev.drover.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers that decide are libvirt's (libvirt-domain.h), in whatever way the code names them. */
class DomainStatusTest {

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            # state, reason, for migration, by user, post-copy, broken off
            RUNNING,  1, false, false, false, false
            RUNNING,  2, false, false, false, false
            RUNNING,  6, false, false, false, false
            RUNNING, 10, false, false, true,  false
            RUNNING, 11, false, false, true,  true
            PAUSED,   1, false, true,  false, false
            PAUSED,   2, true,  false, false, false
            PAUSED,   5, false, false, false, false
            PAUSED,  11, false, false, false, false
            PAUSED,  12, false, false, true,  false
            PAUSED,  13, false, false, true,  true
            SHUTOFF, 10, false, false, false, false
            """)
    void whatALibvirtReasonMeans(
            DomainState state, int reason, boolean forMigration, boolean byUser, boolean postCopy, boolean broken) {
        var status = new DomainStatus(state, reason);
        assertEquals(forMigration, status.isPausedForMigration());
        assertEquals(byUser, status.isPausedByUser());
        assertEquals(postCopy, status.isPostCopy());
        assertEquals(broken, status.isBrokenPostCopy());
    }

    @ParameterizedTest
    @CsvSource({"1, true", "2, false", "3, true", "4, false", "5, false", "6, false"})
    void whatEndedByItselfHasRun(int reason, boolean expected) {
        assertEquals(expected, new DomainStatus(DomainState.SHUTOFF, reason).hasRun());
    }
}
