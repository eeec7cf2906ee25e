package dev.drover.model;

import dev.drover.model.ParamValue.IntValue;
import dev.drover.model.ParamValue.LongValue;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.ParamValue.ULongValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The parameters of one migrate call, in order, names possibly repeated. It may hold names that no driver knows: whether
 * they are supported is the driver's to say, before anything starts.
 */
public record MigrateParams(List<TypedParameter> list) {

    private static final BigInteger ULONG_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    public MigrateParams {
        list = List.copyOf(list);
    }

    public static MigrateParams none() {
        return new MigrateParams(List.of());
    }

    public static MigrateParams of(TypedParameter... parameters) {
        return new MigrateParams(List.of(parameters));
    }

    /**
     * Parameters as JSON brings them: a string where a string is due, a whole number where a number is due, a list where
     * a name may stand several times.
     *
     * @throws FailureException {@link FailureCode#NO_SUPPORT} for an unknown name, {@link FailureCode#INVALID_ARGUMENT}
     *     for a value of the wrong type or out of range
     */
    public static MigrateParams ofValues(Map<String, ?> values) {
        List<TypedParameter> list = new ArrayList<>();
        values.forEach((name, value) -> {
            MigrateParam param = known(name);
            if (value instanceof Collection<?> several) {
                if (!param.repeatable()) {
                    throw wrongType(param, "a list");
                }
                several.forEach(each -> list.add(new TypedParameter(name, typed(param, each))));
            } else {
                list.add(new TypedParameter(name, typed(param, value)));
            }
        });
        return new MigrateParams(list);
    }

    /**
     * Parameters as people type them, {@code name=value,name=value}; blank is none. A comma inside a value is not possible
     * here.
     *
     * @throws FailureException as {@link #ofValues}
     */
    public static MigrateParams ofText(String text) {
        List<TypedParameter> list = new ArrayList<>();
        if (text.isBlank()) {
            return none();
        }
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw new FailureException(
                        FailureCode.INVALID_ARGUMENT,
                        "params: '" + pair.strip() + "' is not name=value; several are separated by commas");
            }
            MigrateParam param = known(pair.substring(0, equals).strip());
            String value = pair.substring(equals + 1).strip();
            list.add(new TypedParameter(param.key(), typedText(param, value)));
        }
        return new MigrateParams(list);
    }

    private static MigrateParam known(String name) {
        return MigrateParam.ofKey(name)
                .orElseThrow(() -> new FailureException(
                        FailureCode.NO_SUPPORT,
                        "params: unknown parameter '" + name + "'. Known parameters: "
                                + Arrays.stream(MigrateParam.values())
                                        .map(MigrateParam::key)
                                        .collect(Collectors.joining(", "))));
    }

    private static ParamValue typedText(MigrateParam param, String text) {
        if (param.type().isText()) {
            return new StringValue(text);
        }
        try {
            return number(param, new BigInteger(text));
        } catch (NumberFormatException e) {
            throw wrongType(param, "'" + text + "'");
        }
    }

    private static ParamValue typed(MigrateParam param, Object value) {
        if (param.type().isText()) {
            if (value instanceof String text) {
                return new StringValue(text);
            }
            throw wrongType(param, "" + value);
        }
        if (!(value instanceof Number number)) {
            throw wrongType(param, value instanceof String ? "the string '" + value + "'" : "" + value);
        }
        try {
            return number(param, new BigDecimal(number.toString()).toBigIntegerExact());
        } catch (ArithmeticException | NumberFormatException e) {
            throw wrongType(param, "" + value);
        }
    }

    private static ParamValue number(MigrateParam param, BigInteger number) {
        try {
            return switch (param.type()) {
                case INT -> new IntValue(number.intValueExact());
                case LONG -> new LongValue(number.longValueExact());
                case ULLONG -> {
                    if (number.signum() < 0 || number.compareTo(ULONG_MAX) > 0) {
                        throw new ArithmeticException("out of range");
                    }
                    yield new ULongValue(number.longValue());
                }
                case STRING, STRINGS -> throw new IllegalArgumentException("not a number: " + param);
            };
        } catch (ArithmeticException e) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT,
                    "params: '" + param.key() + "' = " + number + " is out of range for "
                            + param.type().word());
        }
    }

    private static FailureException wrongType(MigrateParam param, String found) {
        return new FailureException(
                FailureCode.INVALID_ARGUMENT,
                "params: '" + param.key() + "' must be of type " + param.type().word() + ", but is " + found + " ("
                        + param.summary() + ")");
    }

    public boolean isEmpty() {
        return list.isEmpty();
    }

    /** The first value of that name as text. */
    public Optional<String> string(MigrateParam param) {
        return value(param).map(ParamValue::text);
    }

    /** All values of that name as texts, in order. */
    public List<String> strings(MigrateParam param) {
        return list.stream()
                .filter(p -> p.name().equals(param.key()))
                .map(p -> p.value().text())
                .toList();
    }

    /** The first value of that name as a number; empty when it is absent or no number. */
    public Optional<Long> number(MigrateParam param) {
        return value(param).flatMap(ParamValue::whole);
    }

    /** The same without the parameters of that name. */
    public MigrateParams without(MigrateParam param) {
        return new MigrateParams(
                list.stream().filter(p -> !p.name().equals(param.key())).toList());
    }

    /** The same with one more at the end. */
    public MigrateParams with(MigrateParam param, ParamValue value) {
        List<TypedParameter> more = new ArrayList<>(list);
        more.add(new TypedParameter(param.key(), value));
        return new MigrateParams(more);
    }

    private Optional<ParamValue> value(MigrateParam param) {
        return list.stream()
                .filter(p -> p.name().equals(param.key()))
                .map(TypedParameter::value)
                .findFirst();
    }
}
