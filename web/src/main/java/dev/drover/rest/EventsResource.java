package dev.drover.rest;

import dev.drover.evacuation.Transition;
import dev.drover.evacuation.TransitionLog;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;

/** Every transition as a server-sent event; {@code Last-Event-ID} brings those that were missed. */
@Path("events")
@RequestScoped
@NullUnmarked
public class EventsResource {

    @Inject
    private TransitionLog log;

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RolesAllowed({"viewer", "operator"})
    public void events(@Context SseEventSink sink, @Context Sse sse, @HeaderParam("Last-Event-ID") String lastEventId) {
        // a first byte tells the client that the stream is open
        sink.send(sse.newEventBuilder().comment("open").build());
        AtomicReference<Runnable> end = new AtomicReference<>(() -> {});
        Consumer<Transition> send = transition -> send(sink, sse, transition, end);
        boolean cameBack = lastEventId != null && lastEventId.matches("\\d{1,18}");
        end.set(cameBack ? log.watch(Long.parseLong(lastEventId), send) : log.watch(send));
    }

    private static void send(SseEventSink sink, Sse sse, Transition transition, AtomicReference<Runnable> end) {
        if (sink.isClosed()) {
            end.get().run();
            return;
        }
        sink.send(sse.newEventBuilder()
                        .id(Long.toString(transition.id()))
                        .name("transition")
                        .data(Views.transition(transition).toString())
                        .build())
                .whenComplete((sent, error) -> {
                    if (error != null) {
                        end.get().run();
                    }
                });
    }
}
