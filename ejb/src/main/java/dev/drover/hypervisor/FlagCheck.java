package dev.drover.hypervisor;

import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FlagRule;
import dev.drover.model.MigrateFlag;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Flags that the hypervisor lacks, or that do not go together. */
record FlagCheck(MigrationSupport support) {

    Stream<Failure> faults(Set<MigrateFlag> flags) {
        return Stream.concat(
                flags.stream().sorted().flatMap(flag -> unsupported(flag).stream()),
                FlagRule.ALL.stream().flatMap(rule -> rule.refusal(flags).stream()));
    }

    private Optional<Failure> unsupported(MigrateFlag flag) {
        if (support.flags().contains(flag)) {
            return Optional.empty();
        }
        // libvirt asks for the feature before it looks at the flags
        FailureCode code =
                flag == MigrateFlag.OFFLINE ? FailureCode.ARGUMENT_UNSUPPORTED : FailureCode.INVALID_ARGUMENT;
        return Optional.of(Failure.of(
                code,
                "flags: " + support.label() + " does not support " + flag + support.tooNew(flag.since())
                        + "; leave it out. It supports " + support.flags()));
    }
}
