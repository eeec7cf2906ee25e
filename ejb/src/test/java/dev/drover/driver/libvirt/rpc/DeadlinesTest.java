package dev.drover.driver.libvirt.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private long now = -5;
    private final TreeMap<Long, Runnable> alarms = new TreeMap<>();
    private final List<Long> open = new ArrayList<>();
    private final Deadlines deadlines =
            new Deadlines(() -> now, (task, nanos) -> alarms.put(now + nanos, task), this::sweep);

    private long sweep(long time) {
        open.removeIf(deadline -> deadline <= time);
        return open.stream().mapToLong(deadline -> deadline).min().orElse(Deadlines.NONE);
    }

    private void call(Duration patience) {
        long deadline = deadlines.after(patience);
        open.add(deadline);
        deadlines.watch(deadline);
    }

    private void pass(Duration time) {
        long until = now + time.toNanos();
        while (!alarms.isEmpty() && alarms.firstKey() <= until) {
            now = alarms.firstKey();
            alarms.pollFirstEntry().getValue().run();
        }
        now = until;
    }

    @Test
    void manyCallsOfOnePatienceSetOneAlarm() {
        for (int i = 0; i < 1000; i++) {
            call(SECOND);
            now++;
        }
        assertEquals(1, alarms.size());
        pass(SECOND.multipliedBy(2));
        assertEquals(List.of(), open);
    }

    @Test
    void moreHastyCallIsNotKeptWaitingByThePatientOne() {
        call(SECOND.multipliedBy(30));
        call(SECOND);
        pass(SECOND);
        assertEquals(1, open.size());
        pass(SECOND.multipliedBy(29));
        assertEquals(List.of(), open);
    }

    @Test
    void callsAfterTheAlarmHasRungSetItAgain() {
        call(SECOND);
        open.clear();
        pass(SECOND.multipliedBy(5));
        assertEquals(0, alarms.size());
        call(SECOND);
        pass(SECOND);
        assertEquals(List.of(), open);
    }

    @Test
    void callWithoutDeadlineSetsNone() {
        call(Duration.ZERO);
        assertEquals(0, alarms.size());
    }
}
