package dev.drover.migration;

import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.util.Optional;

/** What an operator is told when the hosts do not say plainly what became of a migration, and what may be done. */
final class Unclear {

    // one look may fall between two steps of the hosts; three in a row tell of more
    private static final int LOOKS = 3;
    // half a minute
    private static final int FETCHING_LOOKS = 6;
    // the first may come too early
    private static final int HOPEFUL_RECOVERIES = 2;

    private Unclear() {}

    /** Empty while it is too early to trouble anybody. */
    static Optional<Failure> settling(Migration migration, Reconcile.Finding said) {
        if (said.looks() < LOOKS || said.action() == Reconcile.Action.RESUME_SOURCE) {
            return Optional.empty();
        }
        return Optional.of(unknown("the copies of '" + migration.domainName() + "' on "
                + migration.route().source() + " and " + migration.route().destination()
                + " have not settled yet; Drover looks again"));
    }

    /** One of the hosts could not be asked, however that showed; anything else stays what it is. */
    static Failure unanswered(Migration migration, Failure why) {
        return switch (why.code()) {
            case RPC_ERROR, AGENT_UNRESPONSIVE, NO_CONNECT ->
                Failure.of(
                        FailureCode.HOST_OFFLINE,
                        "a host of the migration of '" + migration.domainName()
                                + "' does not answer, and nothing is done to either copy until it does: "
                                + why.message());
            default -> why;
        };
    }

    /** Why a domain has not moved, now that this much is known: a lost answer is only a lost connection then. */
    static Failure answered(Failure why) {
        return why.code() == FailureCode.OUTCOME_UNKNOWN
                ? Failure.of(
                        FailureCode.RPC_ERROR,
                        "it did not move; at the end of its copy this was told: " + why.message())
                : why;
    }

    static Failure bothStand(Migration migration) {
        return unknown("'" + migration.domainName() + "' stands still on "
                + migration.route().source() + " and on "
                + migration.route().destination()
                + ", and neither copy is proven to be the one to keep; an operator must choose");
    }

    /** Empty while the rest of its memory is most likely on its way. */
    static Optional<Failure> postCopy(Migration migration, Reconcile.Finding said, Observation seen) {
        boolean fetches = seen.destination()
                .map(Domain::status)
                .filter(status -> status.isRunning() && status.reason() == DomainStatus.RUNNING_POSTCOPY)
                .isPresent();
        if (!fetches) {
            return Optional.of(brokenOff(migration, "recover the post-copy migration"));
        }
        // what libvirt says is the same after the link was cut
        return said.looks() < FETCHING_LOOKS
                ? Optional.empty()
                : Optional.of(unknown("'" + migration.domainName() + "' is in post-copy between " + between(migration)
                        + ": what is left of its memory is on its way, or the link broke; wait, and if it does not end,"
                        + " recover the post-copy migration. Destroy or resume neither copy"));
    }

    /** Of one that Drover recovers. */
    static Failure brokenOff(Migration migration, Recoveries recoveries) {
        String why = recoveries
                .lastFailure()
                .map(failure -> ", which has failed " + recoveries.failed()
                        + (recoveries.failed() == 1 ? " time" : " times") + ", last with: " + failure.message())
                .orElse("");
        String human =
                recoveries.failed() > HOPEFUL_RECOVERIES ? "; see to what that names, or recover it by hand" : "";
        return brokenOff(migration, "Drover has the hosts go on with it" + why + human);
    }

    private static Failure brokenOff(Migration migration, String next) {
        return unknown("'" + migration.domainName() + "' broke off in post-copy between " + between(migration)
                + ": neither copy is complete; " + next + ". Destroy or resume neither");
    }

    private static String between(Migration migration) {
        return migration.route().source() + " and " + migration.route().destination();
    }

    static Failure bothRun(Migration migration) {
        return Failure.of(
                FailureCode.QUARANTINED,
                "'" + migration.domainName() + "' runs on " + migration.route().source() + " and on "
                        + migration.route().destination() + "; Drover touches neither, an operator must choose");
    }

    static Failure lost(Migration migration, Optional<Failure> callFailure) {
        return unknown("'" + migration.domainName() + "' is active on neither "
                + migration.route().source()
                + " nor " + migration.route().destination()
                + callFailure.map(failure -> ": " + failure.message()).orElse(""));
    }

    private static Failure unknown(String message) {
        return Failure.of(FailureCode.OUTCOME_UNKNOWN, message);
    }
}
