package dev.drover.hypervisor;

import dev.drover.model.Failure;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** What a hypervisor tells unasked. Events of one connection arrive in order; across hosts there is none. */
public sealed interface HypervisorEvent {

    /**
     * A domain changed its state.
     *
     * @param event libvirt's {@code virDomainEventType}
     * @param detail libvirt's reason, whose meaning depends on the event; see {@link #reason}
     */
    record Lifecycle(UUID domain, String name, Kind event, int detail) implements HypervisorEvent {

        /** In the order of libvirt's {@code virDomainEventType}: the ordinal is the number on the wire. */
        public enum Kind {
            DEFINED,
            UNDEFINED,
            STARTED,
            SUSPENDED,
            RESUMED,
            STOPPED,
            SHUTDOWN,
            PMSUSPENDED,
            CRASHED
        }

        /** Why, where migrations care. */
        public Reason reason() {
            return Reason.of(event, detail);
        }
    }

    /** The reasons of lifecycle events that tell something of a migration, with libvirt's numbers. */
    enum Reason {
        /** Defined anew, as a migration with PERSIST_DEST does. */
        DEFINED_ADDED(Lifecycle.Kind.DEFINED, 0),
        /** Taken from the definitions, as a migration with UNDEFINE_SOURCE does. */
        UNDEFINED_REMOVED(Lifecycle.Kind.UNDEFINED, 0),
        STARTED_BOOTED(Lifecycle.Kind.STARTED, 0),
        /** A migration comes in; the domain does not run yet. */
        STARTED_MIGRATED(Lifecycle.Kind.STARTED, 1),
        /** A user's wish. */
        SUSPENDED_PAUSED(Lifecycle.Kind.SUSPENDED, 0),
        /** The last round of a migration. */
        SUSPENDED_MIGRATED(Lifecycle.Kind.SUSPENDED, 1),
        SUSPENDED_POSTCOPY(Lifecycle.Kind.SUSPENDED, 7),
        SUSPENDED_POSTCOPY_FAILED(Lifecycle.Kind.SUSPENDED, 8),
        /** A user's wish. */
        RESUMED_UNPAUSED(Lifecycle.Kind.RESUMED, 0),
        /** Where a migration ended: on the destination, or on the source when it failed. */
        RESUMED_MIGRATED(Lifecycle.Kind.RESUMED, 1),
        /** Runs on the destination while its memory is still on its way. */
        RESUMED_POSTCOPY(Lifecycle.Kind.RESUMED, 3),
        RESUMED_POSTCOPY_FAILED(Lifecycle.Kind.RESUMED, 4),
        STOPPED_DESTROYED(Lifecycle.Kind.STOPPED, 1),
        STOPPED_CRASHED(Lifecycle.Kind.STOPPED, 2),
        /** It has gone to another host. */
        STOPPED_MIGRATED(Lifecycle.Kind.STOPPED, 3),
        /** An incoming migration failed, or the hypervisor did. */
        STOPPED_FAILED(Lifecycle.Kind.STOPPED, 5),
        /** Anything else: the event's number tells. */
        OTHER(Lifecycle.Kind.DEFINED, -1);

        private final Lifecycle.Kind event;
        private final int detail;

        Reason(Lifecycle.Kind event, int detail) {
            this.event = event;
            this.detail = detail;
        }

        /** libvirt's number. */
        public int detail() {
            return detail;
        }

        static Reason of(Lifecycle.Kind event, int detail) {
            return Arrays.stream(values())
                    .filter(reason -> reason.event == event && reason.detail == detail)
                    .findFirst()
                    .orElse(OTHER);
        }
    }

    /** A new round of the memory copy began. */
    record MigrationIteration(UUID domain, String name, int iteration) implements HypervisorEvent {}

    /** A job ended well; its final figures. Comes on the source. */
    record JobCompleted(UUID domain, String name, JobStats stats) implements HypervisorEvent {}

    /** The last event of a connection. @param cause why, unless it was asked for */
    record ConnectionClosed(Optional<Failure> cause) implements HypervisorEvent {}
}
