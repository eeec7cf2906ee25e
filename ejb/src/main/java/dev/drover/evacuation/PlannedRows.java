package dev.drover.evacuation;

import dev.drover.migration.MigrateArguments;
import dev.drover.migration.Migration;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.HostSnapshot;
import dev.drover.planner.Decision;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The journal's first rows of an evacuation: what is planned, and what is blocked. Pure. */
final class PlannedRows {

    private PlannedRows() {}

    /** The row of one decision of a plan. @param uris of the hosts by name */
    static Migration ofDecision(
            Evacuation evacuation,
            int position,
            Decision decision,
            ConnectUri from,
            Map<String, ConnectUri> uris,
            Instant now) {
        String destination = decision instanceof Decision.MoveTo move ? move.destination() : null;
        Failure failure = decision instanceof Decision.Blocked blocked ? blocked.failure() : null;
        return migration(
                evacuation,
                position,
                decision.domain(),
                new Migration.Route(
                        evacuation.host(), from, destination, destination == null ? null : uris.get(destination)),
                failure,
                now);
    }

    private static Migration migration(
            Evacuation evacuation,
            int position,
            Domain domain,
            Migration.Route route,
            @Nullable Failure failure,
            Instant now) {
        return Migration.planned(
                evacuation.id(),
                position,
                domain,
                route,
                MigrateArguments.evacuating(domain.persistent()),
                failure,
                now);
    }

    /**
     * The row that brings one domain back.
     *
     * @param there the domain where it was brought; empty when it never moved or has gone from there
     * @param freeMiB memory left at home
     * @return null when there is nothing to bring back
     */
    static @Nullable Migration returning(
            Evacuation back,
            int position,
            Migration moved,
            HostSnapshot home,
            Optional<Domain> there,
            long freeMiB,
            Instant now) {
        String at = moved.route().destination();
        ConnectUri uri = moved.route().destinationUri();
        if (there.isEmpty() || at == null || uri == null) {
            return null;
        }
        Domain domain = there.get();
        boolean fits = domain.memoryMiB() <= freeMiB;
        var route = new Migration.Route(at, uri, back.host(), home.host().uri());
        Failure full = Failure.of(
                FailureCode.INSUFFICIENT_MEMORY,
                back.host() + " has " + Math.max(0, freeMiB) + " MiB of memory left, '" + domain.name() + "' needs "
                        + domain.memoryMiB() + " MiB; free some");
        return migration(back, position, domain, route, fits ? null : full, now);
    }
}
