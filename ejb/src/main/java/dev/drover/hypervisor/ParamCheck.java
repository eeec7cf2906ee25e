package dev.drover.hypervisor;

import dev.drover.hypervisor.ArgumentCheck.Arguments;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue;
import dev.drover.model.TypedParameter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/** Parameters that nobody knows, that the hypervisor lacks, or whose value does not do. */
record ParamCheck(MigrationSupport support) {

    // REMOTE_STRING_MAX of libvirt's protocol
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    Stream<Failure> faults(Arguments arguments) {
        MigrateParams params = arguments.params();
        Stream<Failure> each = params.list().stream().flatMap(parameter -> fault(parameter).stream());
        Stream<Failure> repeated = params.list().stream().flatMap(parameter -> repeated(parameter, params).stream());
        Stream<Failure> conditions = params.list().stream()
                .flatMap(parameter -> MigrateParam.ofKey(parameter.name()).stream()
                        .flatMap(param -> param.conditions().stream()
                                .flatMap(condition ->
                                        condition
                                                .refusal(param, parameter.value(), arguments.flags(), params)
                                                .stream())));
        return Stream.of(each, repeated, conditions, unlimited(params).stream()).flatMap(faults -> faults);
    }

    private Optional<Failure> fault(TypedParameter parameter) {
        Optional<MigrateParam> known = MigrateParam.ofKey(parameter.name());
        if (known.isEmpty()) {
            return refused(
                    FailureCode.NO_SUPPORT,
                    support.label() + " has no parameter '" + parameter.name() + "'; leave it out");
        }
        MigrateParam param = known.get();
        if (!support.params().contains(param)) {
            // a parameter of another hypervisor is one this one does not understand: the proposal's NO_SUPPORT
            return refused(
                    param.isOfTheProposal() ? FailureCode.NO_SUPPORT : FailureCode.ARGUMENT_UNSUPPORTED,
                    support.label() + " does not support '" + param.key() + "'" + support.tooNew(param.since())
                            + "; leave it out");
        }
        if (!fits(param, parameter.value())) {
            return refused(
                    FailureCode.INVALID_ARGUMENT,
                    "'" + param.key() + "' must be of type " + param.type().word() + ", but is "
                            + parameter.value().typeName());
        }
        return param.type().isText() ? text(param, parameter.value().text()) : Optional.empty();
    }

    private static boolean fits(MigrateParam param, ParamValue value) {
        return switch (param.type()) {
            case STRING, STRINGS -> value instanceof ParamValue.StringValue;
            case INT -> value instanceof ParamValue.IntValue;
            case LONG -> value instanceof ParamValue.LongValue;
            case ULLONG -> value instanceof ParamValue.ULongValue;
        };
    }

    private static Optional<Failure> text(MigrateParam param, String value) {
        if (value.isBlank()) {
            return refused(
                    FailureCode.INVALID_ARGUMENT, "'" + param.key() + "' must not be empty; leave it out instead");
        }
        if (value.indexOf('\0') >= 0 || value.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return refused(
                    FailureCode.INVALID_ARGUMENT,
                    "'" + param.key() + "' must have at most " + MAX_BYTES + " bytes, none of them zero");
        }
        return Optional.empty();
    }

    private static Optional<Failure> repeated(TypedParameter parameter, MigrateParams params) {
        boolean repeatable = MigrateParam.ofKey(parameter.name())
                .filter(MigrateParam::repeatable)
                .isPresent();
        long names = params.list().stream()
                .filter(other -> other.name().equals(parameter.name()))
                .count();
        if (names > 1 && !repeatable) {
            return refused(FailureCode.INVALID_ARGUMENT, "'" + parameter.name() + "' may stand only once");
        }
        long same = params.list().stream().filter(parameter::equals).count();
        return same > 1
                ? refused(
                        FailureCode.INVALID_ARGUMENT,
                        "'" + parameter.name() + "' = " + parameter.value().text() + " stands twice; give it once")
                : Optional.empty();
    }

    // Xen's driver of libvirt refuses a limit even of 0, so 0 is left out for it and anything else refused (LIBVIRT.md)
    private Optional<Failure> unlimited(MigrateParams params) {
        long megabits = params.number(MigrateParam.XEN_RESOURCE).orElse(0L);
        return megabits > 0 && !support.can(Verb.BANDWIDTH)
                ? refused(
                        FailureCode.ARGUMENT_UNSUPPORTED,
                        "'XEN_RESOURCE': " + support.label() + " cannot limit a migration; leave it out or give 0")
                : Optional.empty();
    }

    private static Optional<Failure> refused(FailureCode code, String why) {
        return Optional.of(Failure.of(code, "params: " + why));
    }
}
