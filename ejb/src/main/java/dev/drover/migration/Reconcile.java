package dev.drover.migration;

import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import java.util.Optional;

/**
 * What to do about a migration whose end nobody saw, as a pure function of what both hosts say. The one rule above all:
 * no copy is given up unless the other is proven running, and between two running copies nobody chooses.
 */
public final class Reconcile {

    private Reconcile() {}

    /** The next step. */
    public enum Action {
        /** The migration is under way: follow it, never start it again. */
        ADOPT,
        /** The domain runs on the source and nothing is under way: it did not move. */
        NOT_MOVED,
        /** The domain is on the destination and no longer active on the source: it moved. */
        MOVED,
        /** The source stands still, the destination runs: what is left of the source can go. */
        FINISH_MOVE,
        /** The source stands still because of the migration, and the destination has nothing: wake the source. */
        RESUME_SOURCE,
        /** Not settled yet: look again later. */
        WAIT,
        /** Neither copy is complete: only post-copy recovery or a human may act. */
        POST_COPY,
        /** Both run: touch neither, call a human. */
        BOTH_RUNNING,
        /** Nobody has it: call a human. */
        LOST
    }

    /**
     * @param prior what state the domain was in before the migration; a domain paused by its user stays paused
     * @param seen both hosts, neither of which may be missing: an unreachable host means no action at all
     */
    public static Action decide(DomainStatus prior, Observation seen) {
        Optional<DomainStatus> source = active(seen.source());
        Optional<DomainStatus> destination = active(seen.destination());
        if (source.filter(DomainStatus::isPostCopy).isPresent()
                || destination.filter(DomainStatus::isPostCopy).isPresent()) {
            return seen.outgoing() ? Action.ADOPT : Action.POST_COPY;
        }
        if (seen.outgoing()) {
            return Action.ADOPT;
        }
        if (source.isEmpty()) {
            return destination.isEmpty() ? gone(seen) : arrived(prior, destination.get());
        }
        return destination.isEmpty() ? stayed(prior, source.get()) : both(source.get(), destination.get());
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

    private static Action arrived(DomainStatus prior, DomainStatus destination) {
        if (destination.isPausedForMigration()) {
            return Action.WAIT;
        }
        return destination.isRunning() || isUserPaused(prior) || destination.state() == DomainState.PAUSED
                ? Action.MOVED
                : Action.WAIT;
    }

    private static Action stayed(DomainStatus prior, DomainStatus source) {
        if (source.isPausedForMigration() && !isUserPaused(prior)) {
            return Action.RESUME_SOURCE;
        }
        return Action.NOT_MOVED;
    }

    private static Action both(DomainStatus source, DomainStatus destination) {
        if (source.isRunning() && destination.isRunning()) {
            return Action.BOTH_RUNNING;
        }
        if (source.isPausedForMigration() && destination.isRunning()) {
            return Action.FINISH_MOVE;
        }
        return Action.WAIT;
    }

    private static boolean isUserPaused(DomainStatus prior) {
        return prior.state() == DomainState.PAUSED && prior.reason() == DomainStatus.PAUSED_USER;
    }
}
