package dev.drover.hypervisor;

import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses the arguments of a migrate call that a hypervisor does not support, that contradict each other, that have no
 * effect or that are dangerous without saying so. Pure, and the same for every driver, so that all of them refuse alike
 * and before anything has started. Codes are libvirt's own wherever libvirt refuses the same.
 */
public final class ArgumentCheck {

    private final MigrationSupport support;

    public ArgumentCheck(MigrationSupport support) {
        this.support = support;
    }

    /**
     * What can be told from the arguments alone, whoever is going to drive the migration.
     *
     * @throws HypervisorException that names the first argument at fault, why, and what to do
     */
    public void check(Set<MigrateFlag> flags, @Nullable String dname, @Nullable String hostname, MigrateParams params) {
        refuse(faults(new Arguments(flags, dname, hostname, params)));
    }

    /** The same for a known mode. */
    public void check(
            MigrationMode mode,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params) {
        var arguments = new Arguments(flags, dname, hostname, params);
        refuse(Stream.concat(modeFault(mode, flags).stream(), faults(arguments)));
    }

    /**
     * What depends on the domain. It is asked for only where an argument does.
     *
     * @param domain as the source describes it
     * @throws HypervisorException as {@link #check}
     */
    public void checkWith(Supplier<Domain> domain, Set<MigrateFlag> flags, MigrateParams params) {
        if (GuestCheck.isNeeded(flags, params)) {
            refuse(new GuestCheck(domain.get()).faults(flags, params));
        }
    }

    private Stream<Failure> faults(Arguments arguments) {
        return Stream.of(
                        new FlagCheck(support).faults(arguments.flags()),
                        new ParamCheck(support).faults(arguments),
                        new NameCheck(support).faults(arguments),
                        CompressionCheck.faults(support, arguments),
                        new AddressCheck(support).faults(arguments))
                .flatMap(each -> each);
    }

    private Optional<Failure> modeFault(MigrationMode mode, Set<MigrateFlag> flags) {
        if (!support.modes().contains(mode)) {
            return Optional.of(Failure.of(
                    FailureCode.NO_SUPPORT,
                    "mode: " + support.label() + " cannot migrate " + mode + ", only " + support.modes()
                            + "; leave the mode out"));
        }
        boolean theirs = flags.contains(MigrateFlag.PEER2PEER) || flags.contains(MigrateFlag.TUNNELLED);
        return mode == MigrationMode.MANAGED && theirs
                ? Optional.of(Failure.of(
                        FailureCode.INVALID_ARGUMENT,
                        "flags: PEER2PEER and TUNNELLED exclude the mode MANAGED, in which the source never connects to "
                                + "the destination; leave the flags or the mode out"))
                : Optional.empty();
    }

    // the first in the order of the checks
    private static void refuse(Stream<Failure> faults) {
        faults.findFirst().ifPresent(fault -> {
            throw new HypervisorException(fault.code(), fault.message());
        });
    }

    /** The four of them together. */
    record Arguments(Set<MigrateFlag> flags, @Nullable String dname, @Nullable String hostname, MigrateParams params) {}
}
