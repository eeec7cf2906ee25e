package dev.drover.jmx;

import dev.drover.audit.Actor;
import dev.drover.audit.AuditEntry;
import dev.drover.audit.AuditTrail;
import dev.drover.audit.Surface;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.migration.Journal;
import dev.drover.migration.MigrateArguments;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationRequests;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code drover:type=Migrations}. */
final class Migrations implements MigrationsMXBean {

    private static final int SHOWN = 200;
    // the connector does not hand its user on to the bean
    static final Actor BY = new Actor("jmx", Surface.JMX);

    private final MigrationRequests requests;
    private final Journal journal;
    private final AuditTrail audit;

    Migrations(MigrationRequests requests, Journal journal, AuditTrail audit) {
        this.requests = requests;
        this.journal = journal;
        this.audit = audit;
    }

    @Override
    public List<MigrationView> getMigrations() {
        return journal.newest(SHOWN).stream().map(MigrationView::of).toList();
    }

    @Override
    public MigrationView migrate(String source, String domain, String destination) {
        return finished(startMigration(source, domain, destination));
    }

    @Override
    public MigrationView migrate(String source, String domain, String destination, String flags, String params) {
        return finished(startMigration(source, domain, destination, flags, params));
    }

    @Override
    public MigrationView migrate(
            String source,
            String domain,
            String destination,
            String flags,
            String dname,
            String hostname,
            String params) {
        return finished(startMigration(source, domain, destination, flags, dname, hostname, params));
    }

    @Override
    public MigrationView migrate(
            String source,
            String domain,
            String destination,
            String flags,
            String dname,
            String hostname,
            String params,
            String mode) {
        return finished(startMigration(source, domain, destination, flags, dname, hostname, params, mode));
    }

    private MigrationView finished(String id) {
        return JmxRefusal.explained(() -> {
            Migration end =
                    requests.end(UUID.fromString(id)).toCompletableFuture().join();
            if (end.failure() != null) {
                throw new FailureException(end.failure());
            }
            return MigrationView.of(end);
        });
    }

    @Override
    public String startMigration(String source, String domain, String destination) {
        return start(source, domain, destination, null, null, null, null, null);
    }

    @Override
    public String startMigration(String source, String domain, String destination, String flags, String params) {
        return start(source, domain, destination, flags, null, null, params, null);
    }

    @Override
    public String startMigration(
            String source,
            String domain,
            String destination,
            String flags,
            String dname,
            String hostname,
            String params) {
        return start(source, domain, destination, flags, dname, hostname, params, null);
    }

    @Override
    public String startMigration(
            String source,
            String domain,
            String destination,
            String flags,
            String dname,
            String hostname,
            String params,
            String mode) {
        return start(source, domain, destination, flags, dname, hostname, params, mode);
    }

    private String start(
            String source,
            String domain,
            String destination,
            @Nullable String flags,
            @Nullable String dname,
            @Nullable String hostname,
            @Nullable String params,
            @Nullable String mode) {
        return JmxRefusal.explained(() -> {
            var arguments = new MigrateArguments(
                    flags(flags),
                    dname,
                    hostname,
                    params == null ? MigrateParams.none() : MigrateParams.ofText(params),
                    MigrationMode.ofText("mode", mode).orElse(null));
            return requests.start(source, domain, destination, arguments, BY)
                    .id()
                    .toString();
        });
    }

    private static Set<MigrateFlag> flags(@Nullable String text) {
        return text == null || text.isBlank()
                ? Set.of(MigrateFlag.LIVE)
                : MigrateFlag.parseAll(Arrays.asList(text.split(",")));
    }

    @Override
    public MigrationView migration(String id) {
        return JmxRefusal.explained(() -> MigrationView.of(requests.migration(parse("id", id))));
    }

    @Override
    public MigrationView abort(String id) {
        return JmxRefusal.explained(() -> MigrationView.of(requests.abort(parse("id", id), BY)));
    }

    @Override
    public MigrationView acknowledge(String id, String reason) {
        return JmxRefusal.explained(() -> MigrationView.of(requests.acknowledge(parse("id", id), reason, BY)));
    }

    @Override
    public List<String> audit(String id) {
        return JmxRefusal.explained(() ->
                lines(audit.ofMigration(requests.migration(parse("id", id)).id())));
    }

    static List<String> lines(List<AuditEntry> entries) {
        return entries.stream()
                .map(entry -> entry.at() + " " + entry.by() + " " + entry.what() + " "
                        + (entry.from() == null ? "" : entry.from() + " -> ") + entry.to()
                        + (entry.detail().isEmpty() ? "" : ": " + entry.detail()))
                .toList();
    }

    @Override
    public MigrationView startPostCopy(String id) {
        return JmxRefusal.explained(() -> MigrationView.of(requests.startPostCopy(parse("id", id), BY)));
    }

    @Override
    public MigrationView limitSpeed(String id, long mebibytesPerSecond) {
        return JmxRefusal.explained(
                () -> MigrationView.of(requests.limitSpeed(parse("id", id), mebibytesPerSecond, BY)));
    }

    @Override
    public MigrationView limitDowntime(String id, long milliseconds) {
        return JmxRefusal.explained(
                () -> MigrationView.of(requests.limitDowntime(parse("id", id), Duration.ofMillis(milliseconds), BY)));
    }

    /** @throws FailureException {@link FailureCode#INVALID_ARGUMENT} naming {@code argument} */
    static UUID parse(String argument, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT, argument + ": '" + text + "' is no id; ids are UUIDs");
        }
    }
}
