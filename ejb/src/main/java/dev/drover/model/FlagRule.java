package dev.drover.model;

import static dev.drover.model.FailureCode.ARGUMENT_UNSUPPORTED;
import static dev.drover.model.FailureCode.INVALID_ARGUMENT;
import static dev.drover.model.FailureCode.OPERATION_INVALID;
import static dev.drover.model.MigrateFlag.ABORT_ON_ERROR;
import static dev.drover.model.MigrateFlag.AUTO_CONVERGE;
import static dev.drover.model.MigrateFlag.COMPRESSED;
import static dev.drover.model.MigrateFlag.LIVE;
import static dev.drover.model.MigrateFlag.NON_SHARED_DISK;
import static dev.drover.model.MigrateFlag.NON_SHARED_INC;
import static dev.drover.model.MigrateFlag.NON_SHARED_SYNCHRONOUS_WRITES;
import static dev.drover.model.MigrateFlag.OFFLINE;
import static dev.drover.model.MigrateFlag.PARALLEL;
import static dev.drover.model.MigrateFlag.PAUSED;
import static dev.drover.model.MigrateFlag.PEER2PEER;
import static dev.drover.model.MigrateFlag.PERSIST_DEST;
import static dev.drover.model.MigrateFlag.POSTCOPY;
import static dev.drover.model.MigrateFlag.POSTCOPY_RESUME;
import static dev.drover.model.MigrateFlag.RDMA_PIN_ALL;
import static dev.drover.model.MigrateFlag.TLS;
import static dev.drover.model.MigrateFlag.TUNNELLED;
import static dev.drover.model.MigrateFlag.UNSAFE;
import static dev.drover.model.MigrateFlag.ZEROCOPY;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one flag demands or forbids of the others. The code is the one with which libvirt refuses the same, and 8 where
 * libvirt lets it through and ignores half of it.
 *
 * @param others any one of them satisfies a need; each of them breaks an exclusion
 * @param reason why, as half a sentence
 */
public record FlagRule(MigrateFlag flag, Relation relation, Set<MigrateFlag> others, FailureCode code, String reason) {

    /** How a flag stands to others. */
    public enum Relation {
        NEEDS,
        EXCLUDES
    }

    /** The table; of several broken rules the first one is told. */
    public static final List<FlagRule> ALL = List.of(
            needs(TUNNELLED, INVALID_ARGUMENT, "the tunnel runs between the two daemons", PEER2PEER),
            excludes(TUNNELLED, INVALID_ARGUMENT, "a tunnel is one connection", PARALLEL),
            excludes(TUNNELLED, ARGUMENT_UNSUPPORTED, "post-copy needs a connection of its own, both ways", POSTCOPY),
            excludes(TUNNELLED, ARGUMENT_UNSUPPORTED, "the libvirt connection encrypts, or nothing does", TLS),
            excludes(TUNNELLED, OPERATION_INVALID, "there is nothing to send through it", OFFLINE),
            excludes(TUNNELLED, ARGUMENT_UNSUPPORTED, "disks do not fit in", NON_SHARED_DISK, NON_SHARED_INC),
            needs(POSTCOPY, ARGUMENT_UNSUPPORTED, "post-copy is a way of a running guest", LIVE),
            excludes(POSTCOPY, ARGUMENT_UNSUPPORTED, "post-copy runs the guest on the destination", PAUSED),
            needs(POSTCOPY_RESUME, ARGUMENT_UNSUPPORTED, "only a post-copy migration can be recovered", POSTCOPY),
            excludes(NON_SHARED_DISK, INVALID_ARGUMENT, "disks are copied in full or incrementally", NON_SHARED_INC),
            needs(
                    NON_SHARED_SYNCHRONOUS_WRITES,
                    INVALID_ARGUMENT,
                    "it says how disks are copied",
                    NON_SHARED_DISK,
                    NON_SHARED_INC),
            needs(ZEROCOPY, OPERATION_INVALID, "only parallel connections can send without copying", PARALLEL),
            needs(AUTO_CONVERGE, INVALID_ARGUMENT, "a guest that stands still need not be slowed down", LIVE),
            needs(OFFLINE, OPERATION_INVALID, "a definition is all there is to move", PERSIST_DEST),
            excludes(OFFLINE, OPERATION_INVALID, "no disk is copied", NON_SHARED_DISK, NON_SHARED_INC),
            excludes(
                    OFFLINE,
                    INVALID_ARGUMENT,
                    "a domain that does not run has no memory to copy",
                    LIVE,
                    PAUSED,
                    UNSAFE,
                    COMPRESSED,
                    ABORT_ON_ERROR,
                    AUTO_CONVERGE,
                    RDMA_PIN_ALL,
                    TLS,
                    PARALLEL));

    public FlagRule {
        others = Set.copyOf(others);
    }

    private static FlagRule needs(MigrateFlag flag, FailureCode code, String reason, MigrateFlag... anyOf) {
        return new FlagRule(flag, Relation.NEEDS, Set.of(anyOf), code, reason);
    }

    private static FlagRule excludes(MigrateFlag flag, FailureCode code, String reason, MigrateFlag... others) {
        return new FlagRule(flag, Relation.EXCLUDES, Set.of(others), code, reason);
    }

    /** What these flags do against this rule. */
    public Optional<Failure> refusal(Set<MigrateFlag> flags) {
        if (!flags.contains(flag)) {
            return Optional.empty();
        }
        Set<MigrateFlag> met = EnumSet.copyOf(others);
        met.retainAll(flags);
        return switch (relation) {
            case NEEDS ->
                met.isEmpty()
                        ? Optional.of(Failure.of(
                                code,
                                "flags: " + flag + " works only together with " + words(others) + ": " + reason
                                        + "; add it or leave " + flag + " out"))
                        : Optional.empty();
            case EXCLUDES ->
                met.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Failure.of(
                                code,
                                "flags: " + flag + " excludes " + words(met) + ": " + reason
                                        + "; leave one of them out"));
        };
    }

    /** The rule in words, as {@code needs LIVE}. */
    public String words() {
        return relation == Relation.NEEDS
                ? "needs " + words(others)
                : "excludes " + words(others).replace(" or ", ", ");
    }

    private static String words(Set<MigrateFlag> flags) {
        return flags.stream().sorted().map(Enum::name).collect(Collectors.joining(" or "));
    }
}
