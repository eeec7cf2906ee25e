package dev.drover.model;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a parameter's value, or its presence, demands. Conditions are values, so that documents can show them. */
public sealed interface ParamCondition {

    /** What the call does against it, {@code value} being that of {@code param}. */
    Optional<Failure> refusal(MigrateParam param, ParamValue value, Set<MigrateFlag> flags, MigrateParams params);

    /** The condition in words, as {@code 0..9} or {@code needs TLS}. */
    String words();

    /** The number must lie between. @param tooBig the code with which libvirt refuses a bigger one */
    record Between(long min, long max, FailureCode tooBig) implements ParamCondition {
        @Override
        public Optional<Failure> refusal(
                MigrateParam param, ParamValue value, Set<MigrateFlag> flags, MigrateParams params) {
            long number = value.whole().orElse(min);
            boolean unsigned = value instanceof ParamValue.ULongValue;
            boolean big = unsigned ? Long.compareUnsigned(number, max) > 0 : number > max;
            boolean small = unsigned ? Long.compareUnsigned(number, min) < 0 : number < min;
            return big || small
                    ? refused(big ? tooBig : FailureCode.INVALID_ARGUMENT, param, value, "must be " + words())
                    : Optional.empty();
        }

        @Override
        public String words() {
            return min + ".." + max;
        }
    }

    /** QEMU's xbzrle cache takes no other sizes. */
    record PowerOfTwo(long min) implements ParamCondition {
        @Override
        public Optional<Failure> refusal(
                MigrateParam param, ParamValue value, Set<MigrateFlag> flags, MigrateParams params) {
            long number = value.whole().orElse(min);
            return number < min || Long.bitCount(number) != 1
                    ? refused(FailureCode.INVALID_ARGUMENT, param, value, "must be " + words())
                    : Optional.empty();
        }

        @Override
        public String words() {
            return "a power of two from " + min;
        }
    }

    /** The text must be written so. */
    record Shaped(TextShape shape) implements ParamCondition {
        @Override
        public Optional<Failure> refusal(
                MigrateParam param, ParamValue value, Set<MigrateFlag> flags, MigrateParams params) {
            return shape.fault(value.text())
                    .map(fault -> Failure.of(
                            FailureCode.INVALID_ARGUMENT,
                            "params: '" + param.key() + "' = '" + Shown.of(value.text()) + "' must be " + shape.words()
                                    + ", but " + fault));
        }

        @Override
        public String words() {
            return shape.words();
        }
    }

    /** Without any of the flags it has no effect; libvirt ignores some such parameters in silence. */
    record Needs(Set<MigrateFlag> anyOf) implements ParamCondition {
        @Override
        public Optional<Failure> refusal(
                MigrateParam param, ParamValue value, Set<MigrateFlag> flags, MigrateParams params) {
            return anyOf.stream().anyMatch(flags::contains)
                    ? Optional.empty()
                    : Optional.of(Failure.of(
                            FailureCode.INVALID_ARGUMENT,
                            "params: '" + param.key() + "' has no effect without the flag " + names(anyOf)
                                    + "; add the flag or leave the parameter out"));
        }

        @Override
        public String words() {
            return "needs " + names(anyOf);
        }
    }

    /** It tunes one compression method, which must be named. */
    record Tunes(String method) implements ParamCondition {
        @Override
        public Optional<Failure> refusal(
                MigrateParam param, ParamValue value, Set<MigrateFlag> flags, MigrateParams params) {
            return params.strings(MigrateParam.COMPRESSION).contains(method)
                    ? Optional.empty()
                    : Optional.of(Failure.of(
                            FailureCode.INVALID_ARGUMENT,
                            "params: '" + param.key() + "' has no effect without compression = " + method
                                    + "; add that or leave the parameter out"));
        }

        @Override
        public String words() {
            return "needs compression = " + method;
        }
    }

    /** It cannot stand beside the flag. */
    record Excludes(MigrateFlag flag, FailureCode code, String reason) implements ParamCondition {
        @Override
        public Optional<Failure> refusal(
                MigrateParam param, ParamValue value, Set<MigrateFlag> flags, MigrateParams params) {
            return flags.contains(flag)
                    ? Optional.of(Failure.of(
                            code,
                            "params: '" + param.key() + "' excludes the flag " + flag + ": " + reason
                                    + "; leave one of them out"))
                    : Optional.empty();
        }

        @Override
        public String words() {
            return "excludes " + flag;
        }
    }

    /** The two say the same thing, or opposite ones. Named by key, since a row cannot name a later row. */
    record Beside(String key) implements ParamCondition {
        @Override
        public Optional<Failure> refusal(
                MigrateParam param, ParamValue value, Set<MigrateFlag> flags, MigrateParams params) {
            return params.list().stream().anyMatch(other -> other.name().equals(key))
                    ? Optional.of(Failure.of(
                            FailureCode.INVALID_ARGUMENT,
                            "params: '" + param.key() + "' excludes '" + key + "'; give one of them"))
                    : Optional.empty();
        }

        @Override
        public String words() {
            return "excludes " + key;
        }
    }

    private static Optional<Failure> refused(FailureCode code, MigrateParam param, ParamValue value, String why) {
        String unit = param.unit().isEmpty() ? "" : " " + param.unit();
        return Optional.of(Failure.of(code, "params: '" + param.key() + "' = " + value.text() + " " + why + unit));
    }

    private static String names(Set<MigrateFlag> flags) {
        return flags.stream().sorted().map(Enum::name).collect(Collectors.joining(" or "));
    }
}
