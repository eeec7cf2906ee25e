package dev.drover.model;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of flags and parameters as sentences, for whoever asks at a console or reads the API's description. */
public final class ArgumentHelp {

    private ArgumentHelp() {}

    /** One line a flag. */
    public static String flags() {
        return Arrays.stream(MigrateFlag.values()).map(ArgumentHelp::of).collect(Collectors.joining("\n"));
    }

    /** One line a parameter. */
    public static String params() {
        return Arrays.stream(MigrateParam.values()).map(ArgumentHelp::of).collect(Collectors.joining("\n"));
    }

    /** What the flag does, what it needs and excludes, what to beware of. */
    public static String of(MigrateFlag flag) {
        Stream<String> rules =
                FlagRule.ALL.stream().filter(rule -> rule.flag() == flag).map(FlagRule::words);
        Stream<String> danger = Stream.of(flag.danger()).filter(text -> !text.isEmpty());
        return flag + " (libvirt " + flag.since() + "): "
                + Stream.of(Stream.of(flag.summary()), rules, danger)
                        .flatMap(words -> words)
                        .collect(Collectors.joining("; "));
    }

    /** What the parameter says, its type, unit and conditions. */
    public static String of(MigrateParam param) {
        String unit = param.unit().isEmpty() ? "" : ", " + param.unit();
        String since = param.isOfTheProposal() ? "" : ", libvirt " + param.since();
        return param.key() + " (" + param.type().word() + (param.repeatable() ? ", several" : "") + unit + since + "): "
                + Stream.concat(
                                Stream.of(param.summary()),
                                param.conditions().stream().map(ParamCondition::words))
                        .collect(Collectors.joining("; "));
    }
}
