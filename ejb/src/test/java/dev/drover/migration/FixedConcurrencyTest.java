package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FixedConcurrencyTest {

    @Test
    void admitsInOrderUpToTheSourcesLimit() {
        var waiting = List.of(move("a", "h1", "h2"), move("b", "h1", "h3"), move("c", "h1", "h4"));
        assertEquals(List.of("a", "b"), admitted(new FixedConcurrency(2, 9), waiting, List.of()));
    }

    @Test
    void whatRunsCountsAtBothEnds() {
        var running = List.of(move("r", "h1", "h2"));
        var waiting = List.of(move("a", "h1", "h3"), move("b", "h4", "h2"), move("c", "h4", "h3"));
        assertEquals(List.of("c"), admitted(new FixedConcurrency(1, 1), waiting, running));
    }

    @Test
    void fullDestinationDoesNotHoldUpThoseThatGoElsewhere() {
        var waiting = List.of(move("a", "h1", "h2"), move("b", "h1", "h2"), move("c", "h1", "h3"));
        assertEquals(List.of("a", "c"), admitted(new FixedConcurrency(9, 1), waiting, List.of()));
    }

    @Test
    void oneEvacuationDoesNotStarveTheOther() {
        var waiting = Stream.concat(
                        IntStream.range(0, 50).mapToObj(i -> move("x" + i, "h1", "h3")),
                        Stream.of(move("y", "h2", "h4")))
                .toList();
        assertEquals(List.of("x0", "x1", "y"), admitted(new FixedConcurrency(2, 2), waiting, List.of()));
    }

    @Test
    void nothingAtAllWouldNeverEnd() {
        assertThrows(IllegalArgumentException.class, () -> new FixedConcurrency(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new FixedConcurrency(1, 0));
    }

    private static List<String> admitted(FixedConcurrency scheduler, List<Migration> waiting, List<Migration> running) {
        return scheduler.admit(waiting, running).stream()
                .map(Migration::domainName)
                .toList();
    }

    private static Migration move(String name, String from, String to) {
        return Moves.planned(name, from, to, 1);
    }
}
