package dev.drover.chaos;

import dev.drover.driver.simulated.FleetObserver;
import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Watches the guests themselves: never two running copies of one, none that its user paused runs, none arrives twice. Sees
 * every change at the moment it happens and knows nothing of Drover.
 */
final class Guests implements FleetObserver {

    private final World world;
    private final Map<UUID, Map<String, SimulatedDomain>> copies = new LinkedHashMap<>();
    private final Map<UUID, Integer> arrivals = new HashMap<>();
    private final Map<UUID, Set<String>> stale = new HashMap<>();
    private final Map<UUID, Set<String>> seenRunning = new HashMap<>();
    private final Set<UUID> keptPaused = new HashSet<>();
    private final Set<UUID> ended = new HashSet<>();

    Guests(World world) {
        this.world = world;
        for (SimulatedDomain guest : world.script().guests()) {
            copies.computeIfAbsent(guest.uuid(), uuid -> new LinkedHashMap<>()).put(guest.host(), guest);
            if (!guest.status().isRunning()) {
                keptPaused.add(guest.uuid());
            }
        }
    }

    @Override
    public void changed(@Nullable SimulatedDomain before, @Nullable SimulatedDomain after) {
        SimulatedDomain either = after == null ? before : after;
        if (either == null) {
            return;
        }
        UUID uuid = either.uuid();
        Map<String, SimulatedDomain> hosts = copies.computeIfAbsent(uuid, guest -> new LinkedHashMap<>());
        if (after == null) {
            hosts.remove(either.host());
        } else {
            hosts.put(after.host(), after);
        }
        world.trace()
                .add(either.name() + "@" + either.host() + ": "
                        + (before == null ? "-" : text(before.status())) + " > "
                        + (after == null ? "-" : text(after.status())));
        checkNow(uuid, either.name(), before, after);
    }

    private static String text(DomainStatus status) {
        return status.state() + "/" + status.reason();
    }

    private void checkNow(UUID uuid, String name, @Nullable SimulatedDomain before, @Nullable SimulatedDomain after) {
        if (running(uuid).size() > 1) {
            world.violated(name + " runs twice, on " + running(uuid));
        }
        if (after != null && after.status().isRunning() && keptPaused.contains(uuid)) {
            world.violated(name + " was paused by its user and runs on " + after.host());
        }
        if (before != null && isLastHalf(before) && active(uuid).isEmpty()) {
            // the source had let go of a post-copy whose destination nobody had told to run it, and that host's daemon
            // went: a second fault after the controller's death, which no order of calls survives
            world.trace().add(name + " is lost with " + before.host());
            endedByFault(uuid);
        }
        if (after == null) {
            stale.getOrDefault(uuid, new HashSet<>()).remove(before == null ? "" : before.host());
        } else {
            checkAge(after);
        }
        if (before != null && after != null && hasArrived(before.status(), after.status())) {
            int times = arrivals.merge(uuid, 1, Integer::sum);
            if (times > 1 && !isEndedByFault(uuid)) {
                world.violated(name + " was moved " + times + " times");
            }
        }
    }

    // a copy that stood still while another one ran is older than the guest's disks
    private void checkAge(SimulatedDomain after) {
        UUID uuid = after.uuid();
        Set<String> old = stale.computeIfAbsent(uuid, guest -> new HashSet<>());
        if (!after.status().isRunning()) {
            return;
        }
        if (old.remove(after.host()) && !after.status().isPostCopy()) {
            Set<String> elsewhere = new HashSet<>(seenRunning.getOrDefault(uuid, Set.of()));
            elsewhere.remove(after.host());
            if (elsewhere.isEmpty()) {
                world.trace().add(after.name() + " wakes as an old copy, and nobody could know");
            } else {
                world.violated(after.name() + " wakes on " + after.host()
                        + " as an old copy, though it was seen running on " + elsewhere);
            }
        }
        hosts(uuid).values().stream()
                .filter(copy ->
                        !copy.host().equals(after.host()) && copy.status().isPausedForMigration())
                .forEach(copy -> old.add(copy.host()));
    }

    /** A controller has seen it running there. */
    void seenRunning(UUID uuid, String host) {
        if (!host.equals(Script.SOURCE)) {
            seenRunning.computeIfAbsent(uuid, guest -> new HashSet<>()).add(host);
        }
    }

    private boolean isLastHalf(SimulatedDomain copy) {
        return copy.status().isPausedForMigration()
                && !copy.host().equals(Script.SOURCE)
                && world.script().troubles(copy.host());
    }

    private static boolean hasArrived(DomainStatus before, DomainStatus after) {
        boolean wasArriving = before.isPausedForMigration() || before.isPostCopy();
        boolean runsThere = after.state() == DomainState.RUNNING && after.reason() == DomainStatus.RUNNING_MIGRATED;
        boolean standsThere = after.state() == DomainState.PAUSED && after.reason() == DomainStatus.PAUSED_USER;
        return wasArriving && (runsThere || standsThere);
    }

    /** The hosts on which it runs. */
    List<String> running(UUID uuid) {
        return hosts(uuid).values().stream()
                .filter(copy -> copy.status().isRunning())
                .map(SimulatedDomain::host)
                .toList();
    }

    /** The hosts that hold it in memory. */
    List<String> active(UUID uuid) {
        return hosts(uuid).values().stream()
                .filter(copy -> copy.status().isActive())
                .map(SimulatedDomain::host)
                .toList();
    }

    Map<String, SimulatedDomain> hosts(UUID uuid) {
        return copies.getOrDefault(uuid, Map.of());
    }

    boolean isKeptPaused(UUID uuid) {
        return keptPaused.contains(uuid);
    }

    /** A fault or its user ended it: from now on it need not run anywhere. */
    void endedByFault(UUID uuid) {
        ended.add(uuid);
        keptPaused.remove(uuid);
    }

    boolean isEndedByFault(UUID uuid) {
        return ended.contains(uuid);
    }
}
