package dev.drover.migration;

import dev.drover.audit.Actor;
import dev.drover.fleet.HostRegistry;
import dev.drover.hypervisor.ArgumentCheck;
import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.hypervisor.VerbArguments;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.Host;
import dev.drover.pool.ConnectionPool;
import dev.drover.pool.Lease;
import dev.drover.pool.Purpose;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The migrate call as operators make it, by names: checked against both hosts, then journalled and started. */
@ApplicationScoped
public class MigrationRequests {

    private static final Pattern UUID_TEXT =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");

    private static final int NEWEST = 200;

    private final HostRegistry registry;
    private final ConnectionPool pool;
    private final MigrationService migrations;
    private final Journal journal;
    private final Clock clock;
    private final Acknowledgements acknowledgements;

    @Inject
    public MigrationRequests(
            HostRegistry registry,
            ConnectionPool pool,
            MigrationService migrations,
            Journal journal,
            MigrationListener listener,
            Clock clock) {
        this.registry = registry;
        this.pool = pool;
        this.migrations = migrations;
        this.journal = journal;
        this.clock = clock;
        this.acknowledgements = new Acknowledgements(journal, listener, clock);
    }

    /**
     * Starts to move one domain; what is wrong with the request is refused before anything has changed.
     *
     * @param source name of the host it is on
     * @param domain its name or UUID
     * @param destination name of the host where it shall run
     */
    public Migration start(
            @Nullable String source,
            @Nullable String domain,
            @Nullable String destination,
            MigrateArguments arguments,
            Actor by) {
        Host from = host("source", source);
        Host to = host("destination", destination);
        if (from.equals(to)) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT,
                    "destination: " + to.name() + " is where the domain is already; name another host");
        }
        if (!from.uri().driver().equals(to.uri().driver())) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT,
                    "destination: " + to.name() + " runs " + to.uri().driver() + ", " + from.name() + " runs "
                            + from.uri().driver() + "; name a host of the same hypervisor");
        }
        Domain found = checked(from, to, domain, arguments);
        Migration migration = Migration.planned(
                null,
                0,
                found,
                new Migration.Route(from.name(), from.uri(), to.name(), to.uri()),
                arguments,
                null,
                clock.instant());
        migrations.submit(List.of(migration), by);
        return migration;
    }

    private Domain checked(Host from, Host to, @Nullable String domain, MigrateArguments arguments) {
        if (domain == null || domain.isBlank()) {
            throw new FailureException(FailureCode.INVALID_ARGUMENT, "domain: is missing; give its name or its UUID");
        }
        try (Lease here = pool.lease(from.uri(), Purpose.CONTROL)) {
            HypervisorConnection source = here.connection();
            var check = new ArgumentCheck(source.migrationSupport());
            check.check(arguments.flags(), arguments.dname(), arguments.hostname(), arguments.params());
            Domain found = find(source, domain)
                    .orElseThrow(() -> new FailureException(
                            FailureCode.NO_DOMAIN, "domain: '" + domain + "' is not on " + from.name()));
            check.checkWith(() -> found, arguments.flags(), arguments.params());
            refuseStandingStill(found, from, source.migrationSupport(), arguments);
            // a destination out of reach is told now, not by a failed migration
            try (Lease there = pool.lease(to.uri(), Purpose.CONTROL)) {
                checkBoth(source, there.connection(), found, to, arguments);
            }
            return found;
        }
    }

    private static void refuseStandingStill(
            Domain found, Host from, MigrationSupport support, MigrateArguments arguments) {
        if (!found.status().isActive() && !arguments.movesDefinition()) {
            throw new FailureException(
                    FailureCode.OPERATION_INVALID,
                    "domain: '" + found.name() + "' on " + from.name() + " is not running; start it first"
                            + (support.can(MigrationSupport.Verb.OFFLINE)
                                    ? ", or move its definition with the flags OFFLINE and PERSIST_DEST"
                                    : "; " + support.label() + " cannot move the definition alone"));
        }
    }

    private static void checkBoth(
            HypervisorConnection source,
            HypervisorConnection destination,
            Domain found,
            Host to,
            MigrateArguments arguments) {
        destination.ping();
        MigrationMode mode =
                Optional.ofNullable(arguments.mode()).orElseGet(() -> source.mode(destination, arguments.flags()));
        PostCopyRule.check(mode, arguments.flags(), source.migrationSupport(), destination.migrationSupport());
        source.checkMigration(
                destination, arguments.flags(), arguments.dname(), arguments.hostname(), arguments.params(), mode);
        // nobody could tell afterwards whether the definition there is the one that was sent
        if (arguments.movesDefinition() && destination.findDomain(found.uuid()).isPresent()) {
            throw new FailureException(
                    FailureCode.OPERATION_INVALID,
                    "destination: " + to.name() + " has '" + found.name() + "' (UUID " + found.uuid()
                            + ") already; undefine it there first");
        }
    }

    private static Optional<Domain> find(HypervisorConnection connection, String domain) {
        Optional<Domain> byName = connection.findDomain(domain);
        return byName.isPresent() || !UUID_TEXT.matcher(domain).matches()
                ? byName
                : connection.findDomain(UUID.fromString(domain));
    }

    private Host host(String argument, @Nullable String name) {
        if (name == null || name.isBlank()) {
            throw new FailureException(FailureCode.INVALID_ARGUMENT, argument + ": is missing; name a host");
        }
        return registry.hosts().stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .orElseThrow(() -> registry.unknown(argument, name));
    }

    /** @throws FailureException {@link FailureCode#UNKNOWN_MIGRATION} */
    public Migration migration(UUID id) {
        return journal.find(id)
                .orElseThrow(() -> new FailureException(
                        FailureCode.UNKNOWN_MIGRATION, "migration: no migration has the id " + id));
    }

    /**
     * Those that belong to no evacuation, the newest first: all that wait or are under way, and of the ended ones those
     * among the journal's latest rows.
     */
    public List<Migration> singles() {
        Map<UUID, Migration> known = new LinkedHashMap<>();
        Stream.concat(journal.newest(NEWEST).stream(), migrations.unfinished().stream())
                .filter(migration -> migration.evacuation() == null)
                .forEach(migration -> known.putIfAbsent(migration.id(), migration));
        return known.values().stream()
                .sorted(Comparator.comparing(Migration::createdAt).reversed())
                .toList();
    }

    /** Its end; complete already when it is finished. */
    public CompletionStage<Migration> end(UUID id) {
        return migrations.end(id).orElseGet(() -> CompletableFuture.completedFuture(migration(id)));
    }

    /** Calls it off; harmless when it is finished. */
    public Migration abort(UUID id, Actor by) {
        Migration known = migration(id);
        if (!known.state().isFinal()) {
            migrations.abort(id, by);
        }
        return migration(id);
    }

    /**
     * Says that somebody has seen to one that ended and needs a human: its alert is gone, on every server and for good.
     * Harmless when repeated.
     *
     * @param reason what became of the domain; for the audit trail, never blank
     * @throws FailureException {@link FailureCode#UNKNOWN_MIGRATION}, {@link FailureCode#INVALID_ARGUMENT} without a
     *     reason, {@link FailureCode#OPERATION_INVALID} when it has not ended so
     */
    public Migration acknowledge(UUID id, @Nullable String reason, Actor by) {
        Migration ended = migration(id);
        acknowledgements.acknowledge(ended, reason, by);
        return ended;
    }

    /**
     * Lets the guest run on the destination before its memory is there.
     *
     * @throws FailureException {@code OPERATION_INVALID} when it was not started with the flag POSTCOPY
     */
    public Migration startPostCopy(UUID id, Actor by) {
        migrations.startPostCopy(migration(id), by);
        return migration(id);
    }

    /** Limits its copy from now on. @param mebibytesPerSecond at least 1 */
    public Migration limitSpeed(UUID id, long mebibytesPerSecond, Actor by) {
        VerbArguments.speed(mebibytesPerSecond);
        return ask(
                id,
                MigrationStep.SET_MAX_SPEED,
                by,
                mebibytesPerSecond + " MiB/s",
                job -> job.setMaxSpeed(mebibytesPerSecond));
    }

    /** Says how long its guest may stand still at the end. @param most at least a millisecond */
    public Migration limitDowntime(UUID id, Duration most, Actor by) {
        VerbArguments.downtime(most);
        return ask(id, MigrationStep.SET_MAX_DOWNTIME, by, most.toMillis() + " ms", job -> job.setMaxDowntime(most));
    }

    private Migration ask(
            UUID id, MigrationStep step, Actor by, String detail, Function<MigrationJob, CompletionStage<Void>> verb) {
        migrations.ask(migration(id), step, by, detail, verb);
        return migration(id);
    }
}
