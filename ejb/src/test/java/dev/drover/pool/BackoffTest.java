package dev.drover.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    @Test
    void doublesUpToItsMost() {
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
        assertEquals(
                List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L),
                IntStream.rangeClosed(1, 7)
                        .mapToObj(failures -> backoff.after(failures).toSeconds())
                        .toList());
    }

    @Test
    void manyFailuresDoNotOverflow() {
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofDays(1));
        assertEquals(Duration.ofDays(1), backoff.after(Integer.MAX_VALUE));
    }
}
