package dev.drover.hypervisor;

import dev.drover.hypervisor.ArgumentCheck.Arguments;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.TextShape;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The proposal's own arguments, dname and hostname. */
record NameCheck(MigrationSupport support) {

    Stream<Failure> faults(Arguments arguments) {
        return Stream.of(
                        malformed("dname", arguments.dname(), TextShape.DOMAIN_NAME, "to keep the domain's name"),
                        malformed("hostname", arguments.hostname(), TextShape.HOST_AND_PORT, "to have it worked out"),
                        renamed(arguments),
                        twice("dname", arguments.dname(), arguments, MigrateParam.DESTINATION_NAME),
                        twice("hostname", arguments.hostname(), arguments, MigrateParam.MIGRATE_URI),
                        tunnelled(arguments))
                .flatMap(Optional::stream);
    }

    private static Optional<Failure> malformed(
            String argument, @Nullable String value, TextShape shape, String wayOut) {
        if (value == null) {
            return Optional.empty();
        }
        // libvirt takes an empty name and leaves a guest called "" (LIBVIRT.md)
        Optional<String> fault = value.isBlank() ? Optional.of("it is empty") : shape.fault(value);
        return fault.map(why -> Failure.of(
                FailureCode.INVALID_ARGUMENT,
                argument + ": must be " + shape.words() + ", but " + why + "; leave it out " + wayOut));
    }

    private Optional<Failure> renamed(Arguments arguments) {
        return arguments.dname() != null && !support.can(Verb.RENAME)
                ? Optional.of(Failure.of(
                        FailureCode.ARGUMENT_UNSUPPORTED,
                        "dname: " + support.label() + " cannot rename a domain in a migration; leave dname out"))
                : Optional.empty();
    }

    private static Optional<Failure> twice(
            String argument, @Nullable String value, Arguments arguments, MigrateParam param) {
        return value != null && arguments.params().string(param).isPresent()
                ? Optional.of(Failure.of(
                        FailureCode.INVALID_ARGUMENT,
                        argument + ": given both as " + argument + " and as parameter '" + param.key() + "'; give one"))
                : Optional.empty();
    }

    private static Optional<Failure> tunnelled(Arguments arguments) {
        return arguments.hostname() != null && arguments.flags().contains(MigrateFlag.TUNNELLED)
                ? Optional.of(Failure.of(
                        FailureCode.ARGUMENT_UNSUPPORTED,
                        "hostname: excludes the flag TUNNELLED: the data goes through the libvirt connection; leave "
                                + "one of them out"))
                : Optional.empty();
    }
}
