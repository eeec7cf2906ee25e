package dev.drover.evacuation;

import dev.drover.migration.Migration;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.time.Timers;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The alerts that stand. One that lasts is told again at growing intervals, from one minute to one hour; one whose cause
 * is gone disappears by itself. They live as long as the server: what lasts longer is found anew, from the hosts or from
 * the journal.
 */
@ApplicationScoped
public class Alerts {

    private static final UUID SERVER = new UUID(0, 0);
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    private record Standing(Alert alert, Duration toldAt, Duration interval) {}

    private final Map<String, Standing> standing = new LinkedHashMap<>();
    private final Timers timers;

    @Inject
    public Alerts(Timers timers) {
        this.timers = timers;
    }

    /** @return whether it is to be told now: it is new, or it has lasted */
    boolean raise(Migration migration, Failure why) {
        Instant now = timers.clock().instant();
        var alert = new Alert(
                migration.evacuation(),
                migration.id(),
                migration.route().source(),
                migration.domainName(),
                why,
                Optional.ofNullable(migration.finishedAt()).orElse(now),
                now,
                1,
                migration.needsHelp());
        return raise(migration.id(), alert);
    }

    /** @return whether it is to be told now: it is new, or it has lasted */
    boolean raise(Evacuation evacuation, Failure why) {
        var alert = new Alert(
                evacuation.id(),
                null,
                evacuation.host(),
                null,
                why,
                timers.clock().instant(),
                timers.clock().instant(),
                1,
                false);
        return raise(evacuation.id(), alert);
    }

    /** About the server itself. @return whether it is to be told now */
    boolean raise(Failure why) {
        var alert = new Alert(
                null,
                null,
                null,
                null,
                why,
                timers.clock().instant(),
                timers.clock().instant(),
                1,
                false);
        return raise(SERVER, alert);
    }

    /** The server is well again. */
    void clear() {
        clear(SERVER);
    }

    private synchronized boolean raise(UUID subject, Alert alert) {
        String key = key(subject, alert.reason());
        Duration now = timers.uptime();
        Standing known = standing.get(key);
        if (known == null) {
            standing.put(key, new Standing(alert, now, FIRST));
            return true;
        }
        boolean due = now.minus(known.toldAt()).compareTo(known.interval()) >= 0;
        standing.put(
                key,
                due
                        ? new Standing(again(known.alert(), alert), now, longer(known.interval()))
                        : new Standing(still(known.alert(), alert), known.toldAt(), known.interval()));
        return due;
    }

    private static String key(UUID subject, Failure why) {
        return subject + " " + why.code();
    }

    private static Alert again(Alert first, Alert now) {
        return as(now, first.since(), now.told(), first.times() + 1);
    }

    // not told again, but what stands says what is known by now
    private static Alert still(Alert first, Alert now) {
        return as(now, first.since(), first.told(), first.times());
    }

    private static Alert as(Alert now, Instant since, Instant told, int times) {
        return new Alert(
                now.evacuation(),
                now.migration(),
                now.host(),
                now.domain(),
                now.reason(),
                since,
                told,
                times,
                now.acknowledgeable());
    }

    private static Duration longer(Duration interval) {
        Duration doubled = interval.multipliedBy(2);
        return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }

    /** What was said of that evacuation or migration no longer holds. */
    synchronized void clear(@Nullable UUID subject) {
        standing.keySet().removeIf(key -> key.startsWith(subject + " "));
    }

    /** Its copy gets on, so whatever was said of it no longer holds, except that it takes too long. */
    void gotOn(UUID migration) {
        clearBut(migration, FailureCode.STUCK);
    }

    /** Of what was said of that migration only this still holds, if it was said. */
    synchronized void clearBut(UUID migration, FailureCode kept) {
        standing.keySet().removeIf(key -> key.startsWith(migration + " ") && !key.equals(migration + " " + kept));
    }

    /** Those that stand, the oldest first. */
    public synchronized List<Alert> list() {
        return standing.values().stream()
                .map(Standing::alert)
                .sorted(Comparator.comparing(Alert::since))
                .toList();
    }
}
