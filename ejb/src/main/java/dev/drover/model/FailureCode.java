package dev.drover.model;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Why something was refused or went wrong, with whose fault it is and libvirt's number for it. Numbers below 1000 are
 * libvirt's {@code virErrorNumber}; where libvirt has none, Drover's own start at 1000. Retry and HTTP status are
 * decided from these values and nowhere else.
 */
public enum FailureCode {
    // the caller's mistake
    NO_SUPPORT(3, Kind.CALLER),
    INVALID_ARGUMENT(8, Kind.CALLER),
    ARGUMENT_UNSUPPORTED(74, Kind.CALLER),
    NO_DOMAIN(42, Kind.CALLER),
    OPERATION_INVALID(55, Kind.CALLER),
    OPERATION_DENIED(29, Kind.CALLER),
    CONFIGURATION_UNSUPPORTED(67, Kind.CALLER),
    MIGRATE_UNSAFE(81, Kind.CALLER),
    ABORTED(78, Kind.CALLER),
    XML_ERROR(27, Kind.CALLER),
    XML_MALFORMED(35, Kind.CALLER),
    OVERFLOW(82, Kind.CALLER),
    OPERATION_UNSUPPORTED(84, Kind.CALLER),
    UNKNOWN_HOST(1000, Kind.CALLER),
    UNKNOWN_PLAN(1001, Kind.CALLER),
    UNKNOWN_EVACUATION(1002, Kind.CALLER),
    UNKNOWN_MIGRATION(1003, Kind.CALLER),
    HOST_IN_USE(1004, Kind.CALLER),
    HOST_EXISTS(1005, Kind.CALLER),
    ALREADY_MIGRATING(1006, Kind.CALLER),
    EVACUATION_RUNNING(1007, Kind.CALLER),
    EVACUATION_ENDED(1008, Kind.CALLER),
    PLAN_OUTDATED(1009, Kind.CALLER),
    DEADLINE_PASSED(1010, Kind.CALLER),
    NAME_IN_USE(1011, Kind.CALLER),
    UUID_IN_USE(1012, Kind.CALLER),
    NOT_RUNNING(1013, Kind.CALLER),
    NOT_MIGRATABLE(1014, Kind.CALLER),
    FORCE_CLOSED(1015, Kind.CALLER),
    OWNED_ELSEWHERE(1016, Kind.CALLER),
    // lack of room
    INSUFFICIENT_MEMORY(1100, Kind.CAPACITY),
    NO_TARGET(1101, Kind.CAPACITY),
    POOL_EXHAUSTED(1102, Kind.CAPACITY),
    RESOURCE_BUSY(87, Kind.CAPACITY),
    JOURNAL_UNAVAILABLE(1103, Kind.CAPACITY),
    // the host's fault
    HYPERVISOR_ERROR(1, Kind.HOST),
    OPERATION_FAILED(9, Kind.HOST),
    SYSTEM_ERROR(38, Kind.HOST),
    RPC_ERROR(39, Kind.HOST),
    OPERATION_TIMEOUT(68, Kind.HOST),
    AUTHENTICATION_FAILED(45, Kind.HOST),
    NO_CONNECT(5, Kind.HOST),
    AGENT_UNRESPONSIVE(86, Kind.HOST),
    MIGRATE_FINISH_OK(93, Kind.HOST),
    PERSIST_FAILED(69, Kind.HOST),
    HOST_OFFLINE(1200, Kind.HOST),
    HOST_NOT_EMPTY(1201, Kind.HOST),
    OUTCOME_UNKNOWN(1202, Kind.HOST),
    QUARANTINED(1203, Kind.HOST),
    NOT_CONVERGING(1204, Kind.HOST),
    STUCK(1205, Kind.HOST),
    // ours
    INTERNAL(1300, Kind.INTERNAL);

    /** Whose fault a failure is. */
    public enum Kind {
        /** The request cannot work as it stands: change it. */
        CALLER,
        /** A host or its daemon failed or is out of reach: mend it, then ask again. */
        HOST,
        /** There is no room now: add some or wait. */
        CAPACITY,
        /** A defect of Drover. */
        INTERNAL
    }

    private static final Map<Integer, FailureCode> BY_NUMBER =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(FailureCode::number, Function.identity()));

    private final int number;
    private final Kind kind;

    FailureCode(int number, Kind kind) {
        this.number = number;
        this.kind = kind;
    }

    /** libvirt's {@code virErrorNumber}, or Drover's own from 1000 on. */
    public int number() {
        return number;
    }

    public Kind kind() {
        return kind;
    }

    /** The code for a number that libvirt sent; one without a row of its own is a {@link #HYPERVISOR_ERROR}. */
    public static FailureCode ofLibvirt(int number) {
        return BY_NUMBER.getOrDefault(number, HYPERVISOR_ERROR);
    }
}
