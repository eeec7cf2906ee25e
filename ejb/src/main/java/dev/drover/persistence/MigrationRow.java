package dev.drover.persistence;

import dev.drover.hypervisor.MigrationMode;
import dev.drover.migration.Attempt;
import dev.drover.migration.ConvergencePosition;
import dev.drover.migration.MigrateArguments;
import dev.drover.migration.Migration;
import dev.drover.migration.MigrationState;
import dev.drover.model.ConnectUri;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import dev.drover.model.MigrateFlag;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullUnmarked;

/** A migration as a row of the journal. */
@Entity(name = "MigrationRow")
@Table(name = "migration")
@NullUnmarked
class MigrationRow {

    @Id
    private UUID id;

    private UUID evacuation;
    private int position;

    @Column(name = "domain_uuid")
    private UUID domainUuid;

    @Column(name = "domain_name")
    private String domainName;

    @Column(name = "memory_mib")
    private long memoryMiB;

    private String source;

    @Column(name = "source_uri")
    private String sourceUri;

    private String destination;

    @Column(name = "destination_uri")
    private String destinationUri;

    private long flags;
    private String dname;
    private String hostname;
    private String params;

    @Enumerated(EnumType.STRING)
    @Column(name = "wanted_mode", columnDefinition = "varchar(16)")
    private MigrationMode wantedMode;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "varchar(16)")
    private MigrationState state;

    @Embedded
    private FailureColumns failure;

    @Column(name = "prior_state")
    private Integer priorState;

    @Column(name = "prior_reason")
    private Integer priorReason;

    private UUID owner;
    private UUID moving;
    private Integer attempt;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "varchar(16)")
    private MigrationMode mode;

    private Boolean suspended;

    @Column(name = "convergence_step")
    private Integer convergenceStep;

    @Column(name = "convergence_since")
    private Instant convergenceSince;

    @Column(name = "convergence_rounds")
    private Long convergenceRounds;

    @Column(name = "post_copy")
    private Boolean postCopy;

    @Column(name = "finish_order")
    private int finishOrder;

    private long bytes;

    @Column(name = "downtime_ms")
    private long downtimeMs;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "started_at")
    private Instant startedAt;

    @Column(name = "finished_at")
    private Instant finishedAt;

    @Column(name = "new_name")
    private String newName;

    protected MigrationRow() {}

    MigrationRow(Migration migration, UUID owner) {
        this.owner = owner;
        set(migration);
    }

    /** Whose it is to change. */
    UUID owner() {
        return owner;
    }

    boolean isFinal() {
        return state.isFinal();
    }

    /** Takes over everything but the owner. */
    final void set(Migration migration) {
        id = migration.id();
        evacuation = migration.evacuation();
        position = migration.position();
        domainUuid = migration.domain();
        domainName = migration.domainName();
        memoryMiB = migration.memoryMiB();
        source = migration.route().source();
        sourceUri = migration.route().sourceUri().toString();
        destination = migration.route().destination();
        ConnectUri to = migration.route().destinationUri();
        destinationUri = to == null ? null : to.toString();
        flags = MigrateFlag.mask(migration.arguments().flags());
        dname = migration.arguments().dname();
        hostname = migration.arguments().hostname();
        params = ParamsText.write(migration.arguments().params());
        wantedMode = migration.arguments().mode();
        state = migration.state();
        failure = FailureColumns.of(migration.failure());
        moving = state.isFinal() ? null : domainUuid;
        setAttempt(migration.attempt());
        finishOrder = migration.finishOrder();
        bytes = migration.bytes();
        downtimeMs = migration.downtimeMs();
        createdAt = migration.createdAt();
        startedAt = migration.startedAt();
        finishedAt = migration.finishedAt();
        newName = migration.newName();
    }

    private void setAttempt(Attempt latest) {
        if (latest == null) {
            return;
        }
        attempt = latest.number();
        mode = latest.mode();
        priorState = latest.prior().state().ordinal();
        priorReason = latest.prior().reason();
        suspended = latest.suspended();
        convergenceStep = latest.convergence().step();
        convergenceSince = latest.convergence().since();
        convergenceRounds = latest.convergence().rounds();
        postCopy = latest.convergence().postCopy();
    }

    private Attempt attempt() {
        return attempt == null
                ? null
                : new Attempt(
                        attempt,
                        mode,
                        new DomainStatus(DomainState.ofLibvirt(priorState), priorReason),
                        suspended,
                        new ConvergencePosition(convergenceStep, convergenceSince, convergenceRounds, postCopy));
    }

    Migration migration() {
        return new Migration(
                id,
                evacuation,
                position,
                domainUuid,
                domainName,
                memoryMiB,
                new Migration.Route(
                        source,
                        ConnectUri.parse(sourceUri),
                        destination,
                        destinationUri == null ? null : ConnectUri.parse(destinationUri)),
                new MigrateArguments(
                        Arrays.stream(MigrateFlag.values())
                                .filter(flag -> (flags >>> flag.bit() & 1) == 1)
                                .collect(Collectors.toSet()),
                        dname,
                        hostname,
                        ParamsText.read(params),
                        wantedMode),
                state,
                failure == null ? null : failure.failure(),
                attempt(),
                finishOrder,
                bytes,
                downtimeMs,
                createdAt,
                startedAt,
                finishedAt,
                newName);
    }
}
