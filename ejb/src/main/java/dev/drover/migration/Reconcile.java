package dev.drover.migration;

import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * What to do about a migration whose end nobody saw, as a pure function of what both hosts say. The one rule above all:
 * no copy is given up unless the other is proven running, and between two running copies nobody chooses. What cannot be
 * taken back is done only when an earlier look, long enough ago, said the same.
 */
public final class Reconcile {

    // how long a Finish whose caller is gone may take to let the guest run, and a host to wind up what broke off
    private static final Duration UNDER_WAY = Duration.ofSeconds(2);

    private Reconcile() {}

    /** The next step. */
    public enum Action {
        /** The migration is under way: follow it, never start it again. */
        ADOPT,
        /** The domain is on the source alone and nothing is under way: it did not move. */
        NOT_MOVED,
        /** The domain is on the destination and no longer active on the source: it moved. */
        MOVED,
        /** The source stands still, the destination runs: what is left of the source can go. */
        FINISH_MOVE,
        /** The source stands still because of the migration, and the destination has nothing: wake the source. */
        RESUME_SOURCE,
        /** Not settled yet: look again later. */
        WAIT,
        /** Both copies stand still and neither is proven to run: look again, call a human. */
        BOTH_STAND,
        /** The source's copy can never run again, and the destination has not been told to run its own: tell it. */
        FINISH_POST_COPY,
        /** The source runs, and the destination's copy is held though it was never told to run: let it go. */
        LET_COPY_GO,
        /** Neither copy is complete, and both hosts say that the migration broke off: go on with it where it stopped. */
        RECOVER_POST_COPY,
        /** Neither copy is complete, and more is on its way or one host does not know of a break: touch neither. */
        POST_COPY,
        /** Both run: touch neither, call a human. */
        BOTH_RUNNING,
        /** Nobody has it: call a human. */
        LOST
    }

    /**
     * What one look at both hosts says, and since when looks have said so without a break.
     *
     * @param since {@link dev.drover.time.Timers#uptime} of the first of them
     * @param looks how many there were
     */
    public record Finding(Action action, Duration since, int looks) {

        /** After another look. @param before what the look before said; empty for the first */
        static Finding of(Optional<Finding> before, Action action, Duration uptime) {
            return before.filter(same -> same.action == action)
                    .map(same -> new Finding(action, same.since, same.looks + 1))
                    .orElseGet(() -> new Finding(action, uptime, 1));
        }
    }

    /**
     * What to do after one more look: what it says, or {@link Action#WAIT} while that has not been seen often and long
     * enough to be acted upon.
     *
     * @param uptime when the look was taken
     * @param onItsWay how long an absent copy may be one that the destination has not heard of yet: as long as a dead
     *     connection may pass for alive between the hosts; zero where Drover made the copy itself, before the source stood
     *     still for it
     */
    public static Action decide(Finding finding, Duration uptime, Duration onItsWay) {
        boolean twice = finding.looks() >= 2;
        Duration seenFor = uptime.minus(finding.since());
        boolean settled =
                switch (finding.action()) {
                    case ADOPT, NOT_MOVED, MOVED, WAIT, BOTH_STAND, POST_COPY -> true;
                    // hosts are asked one after the other: a move between the two looks like two copies, or none
                    case FINISH_MOVE, LET_COPY_GO, BOTH_RUNNING, LOST -> twice;
                    // two calls at a time may end the daemon, and the client's last one may be under way
                    // a recovery that is asked for while a host still winds up the break breaks off as well
                    case FINISH_POST_COPY, RECOVER_POST_COPY -> twice && seenFor.compareTo(UNDER_WAY) > 0;
                    case RESUME_SOURCE -> twice && seenFor.compareTo(onItsWay) > 0;
                };
        return settled ? finding.action() : Action.WAIT;
    }

    /** What one look at both hosts says of that migration. */
    static Action look(Migration migration, Observation seen) {
        if (migration.arguments().movesDefinition()) {
            return definition(seen);
        }
        return migration.isManaged() && isUntold(seen) ? untold(migration, seen) : look(migration.endsPaused(), seen);
    }

    // the destination's copy waits for a client that may be gone
    private static boolean isUntold(Observation seen) {
        return !seen.outgoing()
                && active(seen.destination())
                        .filter(DomainStatus::isPausedForMigration)
                        .isPresent();
    }

    private static Action untold(Migration migration, Observation seen) {
        Optional<DomainStatus> source = active(seen.source());
        if (source.filter(DomainStatus::isPostCopy).isPresent()) {
            return Action.FINISH_POST_COPY;
        }
        // the source pushes all of the memory over even so, and lets go of its own copy when that is done
        boolean mayHaveSwitched = seen.held() || migration.hasAskedForPostCopy();
        if (mayHaveSwitched && source.isEmpty() && hasLetGo(seen.source())) {
            return Action.FINISH_POST_COPY;
        }
        boolean sourceRuns = source.filter(DomainStatus::isRunning).isPresent();
        return seen.held() && sourceRuns ? Action.LET_COPY_GO : look(migration.endsPaused(), seen);
    }

    // one that its user has shut down says nothing of what the destination has
    private static boolean hasLetGo(Optional<Domain> source) {
        return source.map(Domain::status)
                .map(status ->
                        status.state() == DomainState.SHUTOFF && status.reason() == DomainStatus.SHUTOFF_MIGRATED)
                .orElse(true);
    }

    // it has no memory that could be lost or doubled, and was not on the destination before
    private static Action definition(Observation seen) {
        if (seen.outgoing()) {
            return Action.ADOPT;
        }
        if (seen.destination().isPresent()) {
            return Action.MOVED;
        }
        return seen.source().isPresent() ? Action.NOT_MOVED : Action.LOST;
    }

    /**
     * @param endsPaused whether the guest's user wants it to stand still: then the copy on the source is not woken
     * @param seen both hosts, neither of which may be missing: an unreachable host means no action at all
     */
    public static Action look(boolean endsPaused, Observation seen) {
        Optional<DomainStatus> source = active(seen.source());
        Optional<DomainStatus> destination = active(seen.destination());
        if (seen.outgoing()) {
            return Action.ADOPT;
        }
        if (source.filter(DomainStatus::isPostCopy).isPresent()
                || destination.filter(DomainStatus::isPostCopy).isPresent()) {
            boolean broken = source.filter(DomainStatus::isBrokenPostCopy).isPresent()
                    && destination.filter(DomainStatus::isBrokenPostCopy).isPresent();
            return broken ? Action.RECOVER_POST_COPY : Action.POST_COPY;
        }
        if (source.isEmpty()) {
            return destination.isEmpty() ? gone(seen) : arrived(destination.get());
        }
        return destination.isEmpty()
                ? stayed(endsPaused, source.get(), seen.destination())
                : both(source.get(), destination.get());
    }

    // a definition that is off on either side holds no memory and is no copy
    private static Optional<DomainStatus> active(Optional<Domain> domain) {
        return domain.map(Domain::status).filter(DomainStatus::isActive);
    }

    // the guest may have been shut down by its user during or after the move; where it is defined it is not lost
    private static Action gone(Observation seen) {
        boolean shutOffThere = seen.destination()
                .filter(domain -> domain.status().state() == DomainState.SHUTOFF)
                .isPresent();
        boolean movedAway = seen.source()
                .filter(domain -> domain.status().reason() == DomainStatus.SHUTOFF_MIGRATED)
                .isPresent();
        return shutOffThere && (seen.source().isEmpty() || movedAway) ? Action.MOVED : Action.LOST;
    }

    private static Action arrived(DomainStatus destination) {
        if (destination.isPausedForMigration()) {
            return Action.WAIT;
        }
        return destination.isRunning() || destination.state() == DomainState.PAUSED ? Action.MOVED : Action.WAIT;
    }

    private static Action stayed(boolean endsPaused, DomainStatus source, Optional<Domain> destination) {
        // shut down by its user, or crashed, after the move: what stands still here is the past, and never woken
        if (source.isPausedForMigration()
                && destination.map(Domain::status).filter(DomainStatus::hasRun).isPresent()) {
            return Action.BOTH_STAND;
        }
        return source.isPausedForMigration() && !endsPaused ? Action.RESUME_SOURCE : Action.NOT_MOVED;
    }

    private static Action both(DomainStatus source, DomainStatus destination) {
        if (source.isRunning() && destination.isRunning()) {
            return Action.BOTH_RUNNING;
        }
        if (source.isPausedForMigration() && isRunningMigrated(destination)) {
            return Action.FINISH_MOVE;
        }
        return source.isRunning() || destination.isPausedForMigration() ? Action.WAIT : Action.BOTH_STAND;
    }

    // one that somebody booted or resumed there by hand proves nothing about the memory that was copied
    private static boolean isRunningMigrated(DomainStatus status) {
        return status.isRunning() && status.reason() == DomainStatus.RUNNING_MIGRATED;
    }
}
