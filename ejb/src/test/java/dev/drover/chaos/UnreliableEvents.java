package dev.drover.chaos;

import dev.drover.hypervisor.HypervisorEvent;
import java.time.Duration;
import java.util.function.Consumer;

/** Hands events on late, twice, in another order or not at all; the end of a connection always gets through. */
record UnreliableEvents(World world, Incarnation controller, Consumer<HypervisorEvent> listener)
        implements Consumer<HypervisorEvent> {

    private static final int LATE_MS = 3000;

    @Override
    public void accept(HypervisorEvent event) {
        if (event instanceof HypervisorEvent.ConnectionClosed) {
            deliver(event);
            return;
        }
        switch (world.eventFate()) {
            case ARRIVES -> deliver(event);
            case IS_LOST -> world.trace().add("an event is lost");
            case COMES_TWICE -> {
                deliver(event);
                deliver(event);
            }
            case COMES_LATE ->
                world.time().after(Duration.ofMillis(world.random().nextInt(LATE_MS)), () -> deliver(event));
        }
    }

    private void deliver(HypervisorEvent event) {
        if (!controller.isAlive()) {
            return;
        }
        try {
            listener.accept(event);
        } catch (ControllerKilled e) {
            // it died of what it did with the event
            return;
        }
    }
}
