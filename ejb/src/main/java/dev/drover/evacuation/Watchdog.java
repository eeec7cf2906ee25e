package dev.drover.evacuation;

import dev.drover.migration.Migration;
import dev.drover.migration.MigrationConfig;
import dev.drover.migration.MigrationLimits;
import dev.drover.migration.MigrationService;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.time.Timers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Raises an alert for everything that has been in one unfinished state for longer than that state should last. Age is
 * counted from when this server first saw the state.
 */
@ApplicationScoped
public class Watchdog {

    private record Seen(String state, Duration since) {}

    private final MigrationService migrations;
    private final MigrationLimits limits;
    private final TransitionLog log;
    private final Timers timers;
    private Map<UUID, Seen> seen = Map.of();

    @Inject
    public Watchdog(MigrationService migrations, MigrationConfig config, TransitionLog log, Timers timers) {
        this.migrations = migrations;
        this.limits = config.limits();
        this.log = log;
        this.timers = timers;
    }

    /** How long an evacuation may be in that state; empty for one that is final. */
    static Optional<Duration> bound(EvacuationState state) {
        return switch (state) {
            case PLANNING -> Optional.of(Duration.ofMinutes(1));
            case RUNNING -> Optional.of(Duration.ofHours(4));
            case PAUSED -> Optional.of(Duration.ofHours(1));
            case CANCELLING -> Optional.of(Duration.ofMinutes(10));
            case COMPLETED, INCOMPLETE, CANCELLED, FAILED -> Optional.empty();
        };
    }

    /** Twice what the limits give a migration: by then it should have been given up. */
    static Duration bound(MigrationLimits limits, Migration running) {
        return limits.longest(running.memoryMiB()).multipliedBy(2);
    }

    synchronized void look(List<Evacuation> own) {
        Map<UUID, Seen> now = new HashMap<>();
        for (Evacuation evacuation : own) {
            Duration age = age(now, evacuation.id(), evacuation.state().name());
            bound(evacuation.state())
                    .filter(bound -> age.compareTo(bound) > 0)
                    .ifPresent(bound -> log.alert(
                            evacuation,
                            tooLong("the evacuation", evacuation.state().name(), bound)));
        }
        for (Migration running : migrations.underWay()) {
            String state = running.state() + " " + running.startedAt();
            Duration bound = bound(limits, running);
            if (age(now, running.id(), state).compareTo(bound) > 0) {
                log.alert(
                        running,
                        tooLong(
                                "'" + running.domainName() + "'",
                                running.state().name(),
                                bound));
            }
        }
        seen = now;
    }

    private Duration age(Map<UUID, Seen> now, UUID id, String state) {
        Duration uptime = timers.uptime();
        Seen before = seen.get(id);
        Duration since = before != null && before.state().equals(state) ? before.since() : uptime;
        now.put(id, new Seen(state, since));
        return uptime.minus(since);
    }

    private static Failure tooLong(String what, String state, Duration bound) {
        return Failure.of(
                FailureCode.STUCK,
                what + " is " + state + " for longer than " + bound.toMinutes()
                        + " minutes; see its audit trail, then cancel or force-close it if nothing else helps");
    }
}
