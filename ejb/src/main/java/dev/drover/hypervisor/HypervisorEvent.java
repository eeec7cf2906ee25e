package dev.drover.hypervisor;

import dev.drover.model.Failure;
import java.util.Optional;
import java.util.UUID;

/** What a hypervisor tells unasked. Events of one connection arrive in order; across hosts there is none. */
public sealed interface HypervisorEvent {

    /**
     * A domain changed its state.
     *
     * @param event libvirt's {@code virDomainEventType}
     * @param detail libvirt's reason, whose meaning depends on the event
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
    }

    /** A new round of the memory copy began. */
    record MigrationIteration(UUID domain, String name, int iteration) implements HypervisorEvent {}

    /** A job ended well; its final figures. Comes on the source. */
    record JobCompleted(UUID domain, String name, JobStats stats) implements HypervisorEvent {}

    /** The last event of a connection. @param cause why, unless it was asked for */
    record ConnectionClosed(Optional<Failure> cause) implements HypervisorEvent {}
}
