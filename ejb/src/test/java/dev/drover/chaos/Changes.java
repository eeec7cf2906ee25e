package dev.drover.chaos;

import dev.drover.evacuation.EvacuationState;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationState;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Checks that nothing is asked of a hypervisor which the journal does not have already, and that nothing starts in an
 * evacuation that is not running.
 */
final class Changes {

    // who had its turn before the pause may come a moment after it
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final World world;
    private final Map<UUID, Map<Change.Kind, Integer>> asked = new HashMap<>();
    private boolean paused;
    private Duration pausedAt = Duration.ZERO;

    Changes(World world) {
        this.world = world;
    }

    /** It is about to be asked for. */
    void about(Change change) {
        String name = world.nameOf(change.domain());
        world.trace().add("asks " + change.kind() + " of " + name + " on " + change.host());
        int times = asked.computeIfAbsent(change.domain(), domain -> new EnumMap<>(Change.Kind.class))
                .merge(change.kind(), 1, Integer::sum);
        long announced = world.ledger().entries(change.domain()).stream()
                .filter(entry -> entry.what().equals(change.kind().step()))
                .count();
        boolean enough = change.kind().isRepeatable() ? announced > 0 : times <= announced;
        if (!enough) {
            world.violated(
                    name + ": " + change.kind() + " number " + times + ", but the journal announces " + announced);
        }
        boolean halves = world.guests().hosts(change.domain()).values().stream()
                .anyMatch(copy -> copy.status().isPostCopy());
        if (halves && (change.kind() == Change.Kind.RESUME || change.kind() == Change.Kind.DESTROY)) {
            world.violated(name + " is in post-copy, and " + change.kind() + " is asked for");
        }
        boolean another = world.guests().hosts(change.domain()).values().stream()
                .filter(copy -> !copy.host().equals(change.host()))
                .anyMatch(copy -> copy.status().isActive() && !copy.status().isPostCopy());
        if (another && change.kind() == Change.Kind.FINISH_POST_COPY) {
            world.violated(name + " has a whole copy elsewhere, and " + change.kind() + " is asked for");
        }
        if (change.kind() == Change.Kind.LET_COPY_GO && (halves || runsNowhere(change.domain()))) {
            world.violated(name + " is in post-copy or runs nowhere, and " + change.kind() + " is asked for");
        }
        boolean broken = world.guests().hosts(change.domain()).values().stream()
                        .filter(copy -> copy.status().isBrokenPostCopy())
                        .count()
                == 2;
        if (change.kind() == Change.Kind.RECOVER_POST_COPY && !broken) {
            world.violated(name + " has not broken off on both hosts, and " + change.kind() + " is asked for");
        }
        if (change.kind() == Change.Kind.START) {
            starts(change, name);
        }
    }

    private boolean runsNowhere(UUID domain) {
        return world.guests().running(domain).isEmpty();
    }

    private void starts(Change change, String name) {
        Optional<Migration> row = world.ledger().migrations().stream()
                .filter(migration -> migration.domain().equals(change.domain()))
                .filter(migration -> migration.state() == MigrationState.RUNNING)
                .findFirst();
        if (row.isEmpty()) {
            world.violated(name + " is started, but no row is RUNNING");
        }
        if (paused && world.now().minus(pausedAt).compareTo(GRACE) > 0) {
            world.violated(name + " is started, but the operator has paused the evacuation and not resumed it");
        }
        boolean graced = world.now().minus(pausedAt).compareTo(GRACE) <= 0;
        row.map(Migration::evacuation).flatMap(world.ledger()::evacuation).ifPresent(evacuation -> {
            boolean mayStart = evacuation.state() == EvacuationState.RUNNING
                    || evacuation.state() == EvacuationState.PAUSED && graced;
            if (!mayStart) {
                world.violated(name + " is started, but its evacuation is " + evacuation.state());
            }
        });
    }

    /** The operator asks for a pause now. */
    void operatorPauses() {
        pausedAt = world.now();
    }

    /** The operator was told that it is paused, or that it goes on. */
    void operatorPaused(boolean whether) {
        paused = whether;
    }
}
