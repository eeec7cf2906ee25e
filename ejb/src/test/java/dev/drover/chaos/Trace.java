package dev.drover.chaos;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What happened in a run, line by line, and one number for all of it: two runs with the same number did the same. */
final class Trace {

    private static final int KEPT = 400;

    private final Deque<String> latest = new ArrayDeque<>();
    private final Clock clock;
    private final Instant start;
    private long hash = 1125899906842597L;
    private long lines;

    Trace(Clock clock) {
        this.clock = clock;
        this.start = clock.instant();
    }

    void add(String what) {
        String line = Duration.between(start, clock.instant()).toMillis() + " ms " + what;
        for (int i = 0; i < line.length(); i++) {
            hash = 31 * hash + line.charAt(i);
        }
        lines++;
        latest.addLast(line);
        if (latest.size() > KEPT) {
            latest.removeFirst();
        }
    }

    long hash() {
        return hash;
    }

    long lines() {
        return lines;
    }

    List<String> latest() {
        return List.copyOf(latest);
    }
}
