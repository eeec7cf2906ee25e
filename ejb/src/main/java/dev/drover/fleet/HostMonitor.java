package dev.drover.fleet;

import dev.drover.model.Host;
import dev.drover.model.HostSnapshot;
import dev.drover.time.Timers;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Looks at every host each few seconds, so that pages and consoles have a recent picture without asking the hosts
 * themselves, and tells when a host comes or goes. Its pictures are up to one interval old: decide on fresh ones.
 */
@ApplicationScoped
public class HostMonitor {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Map<String, HostSnapshot> latest = new ConcurrentHashMap<>();
    private final Map<String, AtomicBoolean> looking = new ConcurrentHashMap<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final HostRegistry registry;
    private final HostInspector inspector;
    private final Timers timers;
    private final Executor executor;
    private final Event<HostSeen> seen;

    @Inject
    public HostMonitor(
            HostRegistry registry, HostInspector inspector, Timers timers, Executor executor, Event<HostSeen> seen) {
        this.registry = registry;
        this.inspector = inspector;
        this.timers = timers;
        this.executor = executor;
        this.seen = seen;
    }

    public void start() {
        executor.execute(this::round);
    }

    @PreDestroy
    void stop() {
        stopped.set(true);
    }

    /** The latest picture; empty before the first look. */
    public Optional<HostSnapshot> latest(String host) {
        return Optional.ofNullable(latest.get(host));
    }

    private void round() {
        if (stopped.get()) {
            return;
        }
        try {
            registry.hosts().forEach(host -> executor.execute(() -> look(host)));
        } finally {
            timers.after(INTERVAL, () -> executor.execute(this::round));
        }
    }

    // a host that takes longer than the interval is looked at once at a time
    private void look(Host host) {
        AtomicBoolean busy = looking.computeIfAbsent(host.name(), name -> new AtomicBoolean());
        if (!busy.compareAndSet(false, true)) {
            return;
        }
        try {
            remember(inspector.inspect(host));
        } finally {
            busy.set(false);
        }
    }

    /** Takes a picture that somebody else took. */
    public void remember(HostSnapshot snapshot) {
        HostSnapshot before = latest.put(snapshot.host().name(), snapshot);
        if (before == null || before.isReachable() != snapshot.isReachable()) {
            seen.fire(new HostSeen(Optional.ofNullable(before), snapshot));
        }
    }

    /** A host came within reach or went out of it; {@code before} is empty at the first look. */
    public record HostSeen(Optional<HostSnapshot> before, HostSnapshot now) {}
}
