package dev.drover.chaos;

import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationState;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationState;
import dev.drover.model.FailureCode;
import java.util.List;
import java.util.UUID;

/** What must hold at the end, asked of the hosts, and whether the journal says the same. */
final class Verdict {

    private final World world;
    private final Controllers controllers;

    Verdict(World world, Controllers controllers) {
        this.world = world;
        this.controllers = controllers;
    }

    void check() {
        world.script().guests().forEach(this::existsOnce);
        world.ledger().migrations().forEach(this::saysWhatIsSeen);
        world.ledger().migrations().forEach(this::isTold);
        world.ledger().evacuations().forEach(this::hasEnded);
        if (world.ledger().evacuations().size() > 1) {
            world.violated("history shows " + world.ledger().evacuations().size() + " evacuations for one wish");
        }
    }

    private void existsOnce(SimulatedDomain guest) {
        UUID uuid = guest.uuid();
        if (world.guests().isEndedByFault(uuid) || isForAHuman(uuid) || isBehindAWall(uuid)) {
            return;
        }
        List<String> active = world.guests().active(uuid);
        if (active.size() != 1) {
            world.violated(guest.name() + " is held by " + active + " instead of by one host");
        } else if (world.guests().running(uuid).isEmpty() && !isPausedByUser(uuid)) {
            world.violated(guest.name() + " runs nowhere, but stands still on " + active);
        }
    }

    /** What Drover must not touch, and must have told. */
    private boolean isForAHuman(UUID uuid) {
        return isBrokenInPostCopy(uuid) || isSuspendedBetweenFinishAndConfirm(uuid);
    }

    // one that stands because its user wants it so is not proven to be the one that can go, whatever the other one does
    private boolean isSuspendedBetweenFinishAndConfirm(UUID uuid) {
        return world.guests().active(uuid).size() > 1
                && world.guests().running(uuid).size() <= 1
                && isPausedByUser(uuid);
    }

    private boolean isBrokenInPostCopy(UUID uuid) {
        var copies = world.guests().hosts(uuid).values();
        // one that only waits to be told to run, or whose halves both wait to be recovered, is Drover's affair
        return copies.stream().anyMatch(copy -> copy.status().isPostCopy())
                && copies.stream().noneMatch(copy -> copy.status().isPausedForMigration())
                && copies.stream()
                                .filter(copy -> copy.status().isBrokenPostCopy())
                                .count()
                        != 2;
    }

    private boolean isPausedByUser(UUID uuid) {
        return world.guests().hosts(uuid).values().stream()
                .anyMatch(copy -> copy.status().isPausedByUser());
    }

    // a host that stays away for ever may keep its part of the truth; then an alert must say so
    private boolean isBehindAWall(UUID uuid) {
        return world.ledger().migrations().stream()
                .filter(row -> row.domain().equals(uuid) && !row.state().isFinal())
                .map(Migration::route)
                .anyMatch(route -> world.script().lostHosts().contains(route.source())
                        || world.script().lostHosts().contains(String.valueOf(route.destination())));
    }

    private void saysWhatIsSeen(Migration row) {
        UUID uuid = row.domain();
        if (world.guests().isEndedByFault(uuid) || isForAHuman(uuid)) {
            return;
        }
        String destination = row.route().destination();
        boolean there = destination != null && world.guests().active(uuid).contains(destination);
        boolean here = world.guests().active(uuid).contains(row.route().source());
        if (row.state() == MigrationState.COMPLETED && (!there || here)) {
            world.violated("the journal says that " + row.domainName() + " was moved to " + destination
                    + ", but it is on " + world.guests().active(uuid));
        }
        if (isOpenQuestion(row) && world.guests().running(uuid).size() == 1 && here != there) {
            world.violated("the journal asks for a human, but " + row.domainName() + " plainly runs on "
                    + world.guests().active(uuid));
        }
        boolean stays = row.state() == MigrationState.CANCELLED
                || row.state() == MigrationState.BLOCKED
                || row.state() == MigrationState.FAILED && !isOpenQuestion(row);
        if (stays && (!here || there)) {
            world.violated("the journal says that " + row.domainName() + " is where it was (" + row.state()
                    + "), but it is on " + world.guests().active(uuid));
        }
    }

    private static boolean isOpenQuestion(Migration row) {
        return row.failure() != null
                && (row.failure().code() == FailureCode.OUTCOME_UNKNOWN
                        || row.failure().code() == FailureCode.QUARANTINED);
    }

    private void isTold(Migration row) {
        boolean told = controllers.current().alerts().list().stream()
                .anyMatch(alert -> row.id().equals(alert.migration()) && alert.acknowledgeable());
        if (isOpenQuestion(row) && row.state() == MigrationState.FAILED && !told) {
            world.violated(row.domainName() + " waits for a human whom no alert tells of it");
        }
    }

    private void hasEnded(Evacuation evacuation) {
        if (!evacuation.state().isFinal()) {
            List<Migration> open = world.ledger().migrations().stream()
                    .filter(row -> !row.state().isFinal())
                    .toList();
            boolean excused = !open.isEmpty()
                    && open.stream().allMatch(row -> isForAHuman(row.domain()) || isBehindAWall(row.domain()));
            if (!excused) {
                world.violated("the evacuation is " + evacuation.state() + " for ever");
            } else if (controllers.current().alerts().list().isEmpty()) {
                world.violated("the evacuation is " + evacuation.state() + " and no alert says why");
            }
            return;
        }
        if (evacuation.state() == EvacuationState.COMPLETED) {
            world.ledger().migrations().stream()
                    .filter(row -> evacuation.id().equals(row.evacuation()) && isOpenQuestion(row))
                    .forEach(row -> world.violated("the evacuation is said to be complete, but nobody knows where "
                            + row.domainName() + " is"));
            world.fleet().copies().stream()
                    .filter(copy -> copy.host().equals(evacuation.host())
                            && copy.status().isActive())
                    // its user may have started it again since
                    .filter(copy -> !world.guests().isEndedByFault(copy.uuid()))
                    .forEach(copy -> world.violated("the host is said to be empty, but " + copy.name() + " is on it"));
        }
        world.ledger().migrations().stream()
                .filter(row ->
                        evacuation.id().equals(row.evacuation()) && !row.state().isFinal())
                .forEach(row -> world.violated("the evacuation has ended as " + evacuation.state() + ", but "
                        + row.domainName() + " is " + row.state()));
    }
}
