package dev.drover.hypervisor;

import dev.drover.hypervisor.ArgumentCheck.Arguments;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Which compression methods there are, and which of them go with parallel connections: zlib and zstd, one at a time. */
final class CompressionCheck {

    private static final Set<String> OF_PARALLEL = Set.of("zlib", "zstd");

    private CompressionCheck() {}

    static Stream<Failure> faults(MigrationSupport support, Arguments arguments) {
        List<String> methods = arguments.params().strings(MigrateParam.COMPRESSION);
        boolean parallel = arguments.flags().contains(MigrateFlag.PARALLEL);
        boolean compressed = arguments.flags().contains(MigrateFlag.COMPRESSED);
        return Stream.concat(
                methods.stream().flatMap(method -> fault(support, method, parallel).stream()),
                compressed && parallel && methods.size() != 1
                        ? refused("COMPRESSED with PARALLEL takes exactly one method, zlib or zstd; name it").stream()
                        : Stream.empty());
    }

    private static Optional<Failure> fault(MigrationSupport support, String method, boolean parallel) {
        if (!support.compressions().contains(method)) {
            return refused(
                    support.label() + " does not know the method '" + method + "'; it knows " + support.compressions());
        }
        if (parallel != OF_PARALLEL.contains(method)) {
            return refused("the method " + method + (parallel ? " excludes" : " works only together with")
                    + " the flag PARALLEL; choose another method" + (parallel ? "" : " or add the flag"));
        }
        return Optional.empty();
    }

    private static Optional<Failure> refused(String why) {
        return Optional.of(Failure.of(FailureCode.INVALID_ARGUMENT, "params: 'compression': " + why));
    }
}
