package dev.drover.model;

import java.util.Optional;

/** A typed parameter's value, one case per type of libvirt's {@code virTypedParameterType}. */
public sealed interface ParamValue {

    /** libvirt's name of the type, as in its messages: {@code int}, {@code ullong}, … */
    String typeName();

    /** The value as text, for people. */
    String text();

    /** The value as a whole number, unsigned ones as their bits; empty for other types. */
    default Optional<Long> whole() {
        return Optional.empty();
    }

    record IntValue(int value) implements ParamValue {
        @Override
        public String typeName() {
            return "int";
        }

        @Override
        public Optional<Long> whole() {
            return Optional.of((long) value);
        }

        @Override
        public String text() {
            return Integer.toString(value);
        }
    }

    /** @param value 0..2³²−1 in the low bits */
    record UIntValue(int value) implements ParamValue {
        @Override
        public String typeName() {
            return "uint";
        }

        @Override
        public Optional<Long> whole() {
            return Optional.of(Integer.toUnsignedLong(value));
        }

        @Override
        public String text() {
            return Integer.toUnsignedString(value);
        }
    }

    record LongValue(long value) implements ParamValue {
        @Override
        public String typeName() {
            return "llong";
        }

        @Override
        public Optional<Long> whole() {
            return Optional.of(value);
        }

        @Override
        public String text() {
            return Long.toString(value);
        }
    }

    /** @param value 0..2⁶⁴−1, read as unsigned */
    record ULongValue(long value) implements ParamValue {
        @Override
        public String typeName() {
            return "ullong";
        }

        @Override
        public Optional<Long> whole() {
            return Optional.of(value);
        }

        @Override
        public String text() {
            return Long.toUnsignedString(value);
        }
    }

    record DoubleValue(double value) implements ParamValue {
        @Override
        public String typeName() {
            return "double";
        }

        @Override
        public String text() {
            return Double.toString(value);
        }
    }

    record BooleanValue(boolean value) implements ParamValue {
        @Override
        public String typeName() {
            return "boolean";
        }

        @Override
        public String text() {
            return Boolean.toString(value);
        }
    }

    record StringValue(String value) implements ParamValue {
        @Override
        public String typeName() {
            return "string";
        }

        @Override
        public String text() {
            return value;
        }
    }
}
