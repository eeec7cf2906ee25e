package dev.drover.hypervisor;

import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue;
import dev.drover.model.ParamValue.IntValue;
import dev.drover.model.ParamValue.LongValue;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.ParamValue.ULongValue;
import dev.drover.model.TypedParameter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a migrate call, written on one line: {@code LIVE PARALLEL | parallel.connections=int:2 dname=new}. A
 * value without {@code int:}, {@code long:} or {@code ull:} is a string; {@code dname} and {@code hostname} stand among the
 * parameters.
 */
public record MigrateCall(
        String line, Set<MigrateFlag> flags, @Nullable String dname, @Nullable String hostname, MigrateParams params) {

    /** @param line as described above */
    public static MigrateCall of(String line) {
        String[] halves = line.split("\\|", 2);
        Set<MigrateFlag> flags = EnumSet.noneOf(MigrateFlag.class);
        for (String flag : words(halves[0])) {
            flags.add(MigrateFlag.valueOf(flag));
        }
        String dname = null;
        String hostname = null;
        List<TypedParameter> params = new ArrayList<>();
        for (String word : words(halves.length > 1 ? halves[1] : "")) {
            int equals = word.indexOf('=');
            String name = word.substring(0, equals);
            String value = word.substring(equals + 1);
            switch (name) {
                case "dname" -> dname = value;
                case "hostname" -> hostname = value;
                default -> params.add(new TypedParameter(name, value(value)));
            }
        }
        return new MigrateCall(line, flags, dname, hostname, new MigrateParams(params));
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
    }

    private static ParamValue value(String text) {
        String number = text.substring(text.indexOf(':') + 1);
        if (text.startsWith("int:")) {
            return new IntValue(Integer.parseInt(number));
        }
        if (text.startsWith("long:")) {
            return new LongValue(Long.parseLong(number));
        }
        return text.startsWith("ull:") ? new ULongValue(Long.parseUnsignedLong(number)) : new StringValue(text);
    }

    MigrateCall with(List<TypedParameter> other) {
        return new MigrateCall(line, flags, dname, hostname, new MigrateParams(other));
    }

    /**
     * The code for what the hypervisor lacks; empty when it knows all of these arguments. This, and nothing else, is how
     * drivers differ.
     */
    Optional<FailureCode> missing(MigrationSupport support) {
        Set<MigrateFlag> flagsMissing = new TreeSet<>(flags);
        flagsMissing.removeAll(support.flags());
        if (!flagsMissing.isEmpty()) {
            return Optional.of(
                    flagsMissing.iterator().next() == MigrateFlag.OFFLINE
                            ? FailureCode.ARGUMENT_UNSUPPORTED
                            : FailureCode.INVALID_ARGUMENT);
        }
        Optional<FailureCode> paramMissing = params.list().stream()
                .flatMap(each -> MigrateParam.ofKey(each.name()).stream())
                .filter(param -> !support.params().contains(param))
                .findFirst()
                .map(param -> param.isOfTheProposal() ? FailureCode.NO_SUPPORT : FailureCode.ARGUMENT_UNSUPPORTED);
        return paramMissing.isPresent() || dname == null || support.can(Verb.RENAME)
                ? paramMissing
                : Optional.of(FailureCode.ARGUMENT_UNSUPPORTED);
    }

    @Override
    public String toString() {
        return line;
    }
}
