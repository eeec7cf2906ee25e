package dev.drover.persistence;

import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationState;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** An evacuation as a row. */
@Entity(name = "EvacuationRow")
@Table(name = "evacuation")
@NullUnmarked
class EvacuationRow {

    @Id
    private UUID id;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "varchar(16)")
    private Evacuation.Kind kind;

    private String host;
    private Instant deadline;

    @Enumerated(EnumType.STRING)
    @Column(columnDefinition = "varchar(16)")
    private EvacuationState state;

    private String origin;
    private long execution;

    @Embedded
    private FailureColumns failure;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "finished_at")
    private Instant finishedAt;

    private UUID owner;
    private String node;
    private String emptying;

    protected EvacuationRow() {}

    EvacuationRow(Evacuation evacuation, UUID owner, String node) {
        this.owner = owner;
        set(evacuation, node);
    }

    /** Whose it is to change. */
    UUID owner() {
        return owner;
    }

    boolean isFinal() {
        return state.isFinal();
    }

    /** Takes over everything but the owner. @param itsNode the server whose job repository numbers the execution */
    final void set(Evacuation evacuation, String itsNode) {
        node = itsNode;
        emptying = evacuation.state().isFinal() ? null : evacuation.host();
        id = evacuation.id();
        kind = evacuation.kind();
        host = evacuation.host();
        deadline = evacuation.deadline();
        state = evacuation.state();
        origin = evacuation.origin();
        execution = evacuation.execution();
        failure = FailureColumns.of(evacuation.failure());
        createdAt = evacuation.createdAt();
        finishedAt = evacuation.finishedAt();
    }

    Evacuation evacuation() {
        return new Evacuation(
                id,
                kind,
                host,
                deadline,
                state,
                origin,
                execution,
                failure == null ? null : failure.failure(),
                createdAt,
                finishedAt);
    }
}
