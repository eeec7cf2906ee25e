package dev.drover.it;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets every call and reply through, but not the daemons' events as they are. */
final class EventLoss implements Passage {

    private final boolean lost;
    private final Map<OutputStream, Delivery> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger hit = new AtomicInteger();

    private EventLoss(boolean lost) {
        this.lost = lost;
    }

    /** No event arrives. */
    static EventLoss all() {
        return new EventLoss(true);
    }

    /** Each event arrives behind the message that follows it: an event, a reply, a sign of life. */
    static EventLoss order() {
        return new EventLoss(false);
    }

    @Override
    public void meet(Delivery message) throws IOException {
        Delivery before = waiting.remove(message.out());
        if (message.frame().isEvent() && before == null) {
            hit.incrementAndGet();
            if (!lost) {
                waiting.put(message.out(), message);
            }
            return;
        }
        message.make();
        if (before != null) {
            before.make();
        }
    }

    /** How many it has kept from arriving in time. */
    int hit() {
        return hit.get();
    }
}
