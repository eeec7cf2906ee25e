package dev.drover.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Waits for a moment in the conversation with the hosts' daemons, and may hold the messages that make it until it is
 * released. A message that it still holds when its connection ends is never delivered.
 */
final class Trap implements Passage {

    private final Predicate<RpcFrame> on;
    private final boolean holds;
    private final CountDownLatch sprung;
    private final List<Delivery> held = new ArrayList<>();
    private int wanted;

    private Trap(Predicate<RpcFrame> on, boolean holds, int wanted) {
        this.on = on;
        this.holds = holds;
        this.wanted = wanted;
        this.sprung = new CountDownLatch(wanted);
    }

    /** One that waits for nothing. */
    static Trap none() {
        return letting(message -> false, 0);
    }

    /** Springs when so many such messages have been delivered. */
    static Trap letting(Predicate<RpcFrame> message, int times) {
        return new Trap(message, false, times);
    }

    /** Springs when it holds so many such messages; no further one is held. */
    static Trap holding(Predicate<RpcFrame> message, int times) {
        return new Trap(message, true, times);
    }

    /** Delivers a message, now or when the trap is released. */
    @Override
    public void meet(Delivery message) throws IOException {
        boolean counts = on.test(message.frame()) && isWanted(message);
        if (!counts || !holds) {
            message.make();
        }
        if (counts) {
            sprung.countDown();
        }
    }

    private synchronized boolean isWanted(Delivery message) {
        if (wanted == 0) {
            return false;
        }
        wanted--;
        held.add(message);
        return true;
    }

    /** Returns at that moment. */
    void await(Duration patience) throws InterruptedException {
        assertTrue(sprung.await(patience.toMillis(), TimeUnit.MILLISECONDS), "that moment did not come");
    }

    /** Whether a message waits in it for which there is a connection still. */
    synchronized boolean isHolding() {
        return holds && held.stream().anyMatch(Delivery::isPossible);
    }

    /** Delivers what it holds, where the connection is still there, and holds nothing more. */
    synchronized void release() {
        wanted = 0;
        if (holds) {
            held.stream().filter(Delivery::isPossible).forEach(Trap::deliver);
        }
        held.clear();
    }

    private static void deliver(Delivery message) {
        try {
            message.make();
        } catch (IOException e) {
            // its connection has gone this very moment
            return;
        }
    }
}
