package dev.drover.chaos;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The harness can fail: controllers that are wrong on purpose are caught within a few seeds, for the right reason. */
class ChaosMutationTest {

    private static final Logger QUIET = Logger.getLogger("dev.drover");
    private static final int SEEDS = 300;

    @BeforeAll
    static void quiet() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        QUIET.setLevel(null);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "NO_ROW_BEFORE_THE_CALL, but the journal announces 0",
        "RESUMES_INSTEAD_OF_WAITING, runs twice",
        "BLIND_TO_THE_DESTINATION, runs twice",
        "FINISHES_TOO_EARLY, 'has a whole copy elsewhere, and FINISH_POST_COPY'",
        "LETS_GO_TOO_EARLY, 'is in post-copy or runs nowhere, and LET_COPY_GO'",
        "STARTS_TWICE, 'START number 2, but the journal announces 1'",
        "REPORTS_TOO_EARLY, the journal says that",
        "FORGETS_THE_LOST, but nobody knows where",
        "FORGETS_ITS_ALERTS, waits for a human whom no alert tells of it",
    })
    void wrongControllerIsCaught(Mutation mutation, String reason) {
        boolean caught = LongStream.range(0, SEEDS)
                .mapToObj(Script::of)
                .anyMatch(script -> ChaosRun.of(script, mutation).violations().stream()
                        .anyMatch(violation -> violation.contains(reason)));
        assertTrue(caught, mutation + " was not caught as '" + reason + "' in " + SEEDS + " seeds");
    }
}
