package dev.drover.driver.libvirt.wire;

import dev.drover.model.ParamValue;
import dev.drover.model.ParamValue.BooleanValue;
import dev.drover.model.ParamValue.DoubleValue;
import dev.drover.model.ParamValue.IntValue;
import dev.drover.model.ParamValue.LongValue;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.ParamValue.UIntValue;
import dev.drover.model.ParamValue.ULongValue;
import dev.drover.model.TypedParameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** libvirt's typed parameters as bytes: a name, a type from 1 to 7, a value. */
public final class TypedParams {

    private TypedParams() {}

    public static void write(XdrWriter out, List<TypedParameter> params) {
        out.list(params, (writer, param) -> write(writer.string(param.name()), param.value()));
    }

    private static void write(XdrWriter out, ParamValue value) {
        if (value instanceof IntValue v) {
            out.int32(1).int32(v.value());
        } else if (value instanceof UIntValue v) {
            out.int32(2).int32(v.value());
        } else if (value instanceof LongValue v) {
            out.int32(3).int64(v.value());
        } else if (value instanceof ULongValue v) {
            out.int32(4).int64(v.value());
        } else if (value instanceof DoubleValue v) {
            out.int32(5).float64(v.value());
        } else if (value instanceof BooleanValue v) {
            out.int32(6).int32(v.value() ? 1 : 0);
        } else if (value instanceof StringValue v) {
            out.int32(7).string(v.value());
        }
    }

    /** By name; of a repeated name the last one stays. */
    public static Map<String, ParamValue> read(XdrReader in) {
        Map<String, ParamValue> params = new LinkedHashMap<>();
        in.list(Limits.PARAMS, TypedParams::readOne).forEach(param -> params.put(param.name(), param.value()));
        return params;
    }

    private static TypedParameter readOne(XdrReader in) {
        String name = in.string();
        int type = in.int32();
        ParamValue value =
                switch (type) {
                    case 1 -> new IntValue(in.int32());
                    case 2 -> new UIntValue(in.int32());
                    case 3 -> new LongValue(in.int64());
                    case 4 -> new ULongValue(in.int64());
                    case 5 -> new DoubleValue(in.float64());
                    case 6 -> new BooleanValue(in.int32() != 0);
                    case 7 -> new StringValue(in.string());
                    default -> throw new WireException("parameter '" + name + "' of unknown type " + type);
                };
        return new TypedParameter(name, value);
    }
}
