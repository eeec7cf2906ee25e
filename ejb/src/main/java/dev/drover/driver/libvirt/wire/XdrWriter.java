package dev.drover.driver.libvirt.wire;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Writes XDR (RFC 4506): big endian, everything in units of four bytes. Not safe for several threads. */
public final class XdrWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public XdrWriter int32(int value) {
        out.write(value >>> 24);
        out.write(value >>> 16);
        out.write(value >>> 8);
        out.write(value);
        return this;
    }

    public XdrWriter int64(long value) {
        return int32((int) (value >>> 32)).int32((int) value);
    }

    public XdrWriter float64(double value) {
        return int64(Double.doubleToRawLongBits(value));
    }

    public XdrWriter string(String value) {
        return opaque(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A string that may be absent. */
    public XdrWriter optionalString(@Nullable String value) {
        return value == null ? int32(0) : int32(1).string(value);
    }

    /** Bytes of a length that is sent with them. */
    public XdrWriter opaque(byte[] value) {
        int32(value.length);
        out.writeBytes(value);
        for (int pad = value.length; pad % 4 != 0; pad++) {
            out.write(0);
        }
        return this;
    }

    /** Sixteen bytes without a length. */
    public XdrWriter uuid(UUID value) {
        return int64(value.getMostSignificantBits()).int64(value.getLeastSignificantBits());
    }

    public <T> XdrWriter list(List<T> values, BiConsumer<XdrWriter, T> each) {
        int32(values.size());
        values.forEach(value -> each.accept(this, value));
        return this;
    }

    public byte[] bytes() {
        return out.toByteArray();
    }
}
