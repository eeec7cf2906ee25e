package dev.drover.pool;

import java.time.Duration;

/**
 * How long a host is left alone after failures in a row: {@code first}, twice that, four times, … up to {@code max}.
 * With 1 s and 30 s: 1, 2, 4, 8, 16, 30, 30, …
 */
public record Backoff(Duration first, Duration max) {

    /** @param failures in a row, 1 or more */
    public Duration after(int failures) {
        Duration delay = first;
        for (int i = 1; i < failures && delay.compareTo(max) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(max) < 0 ? delay : max;
    }
}
