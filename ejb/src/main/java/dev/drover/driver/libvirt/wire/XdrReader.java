package dev.drover.driver.libvirt.wire;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * Reads XDR (RFC 4506) that a stranger sent: every length is checked against a limit and against what is left before
 * memory is taken for it. Throws {@link WireException} for anything else.
 */
public final class XdrReader {

    private final ByteBuffer in;

    public XdrReader(byte[] bytes) {
        this.in = ByteBuffer.wrap(bytes);
    }

    public int int32() {
        try {
            return in.getInt();
        } catch (BufferUnderflowException e) {
            throw tooShort();
        }
    }

    public long int64() {
        try {
            return in.getLong();
        } catch (BufferUnderflowException e) {
            throw tooShort();
        }
    }

    public double float64() {
        return Double.longBitsToDouble(int64());
    }

    public boolean bool() {
        int value = int32();
        if (value != 0 && value != 1) {
            throw new WireException("a truth value of " + value);
        }
        return value == 1;
    }

    public String string() {
        return new String(opaque(Limits.STRING), StandardCharsets.UTF_8);
    }

    public Optional<String> optionalString() {
        return optional(XdrReader::string);
    }

    public <T> Optional<T> optional(Function<XdrReader, T> read) {
        return bool() ? Optional.of(read.apply(this)) : Optional.empty();
    }

    /** Bytes behind their length, at most {@code limit}. */
    public byte[] opaque(int limit) {
        int length = length(limit);
        byte[] bytes = new byte[length];
        in.get(bytes);
        int pad = (4 - length % 4) % 4;
        if (in.remaining() < pad) {
            throw tooShort();
        }
        in.position(in.position() + pad);
        return bytes;
    }

    public UUID uuid() {
        return new UUID(int64(), int64());
    }

    /** A list of at most {@code limit}; grows with what is really there, not with what was announced. */
    public <T> List<T> list(int limit, Function<XdrReader, T> read) {
        int count = length(limit);
        List<T> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(read.apply(this));
        }
        return values;
    }

    /** Characters that were sent as a word each, up to the first zero. */
    public String chars(int count) {
        var text = new StringBuilder();
        boolean ended = false;
        for (int i = 0; i < count; i++) {
            int c = int32();
            ended |= c == 0;
            if (!ended) {
                text.append((char) (c & 0xff));
            }
        }
        return text.toString();
    }

    public int remaining() {
        return in.remaining();
    }

    // an element of a list takes at least a byte, so a count above what is left is a lie
    private int length(int limit) {
        int length = int32();
        if (length < 0 || length > limit) {
            throw new WireException(
                    "a length of " + Integer.toUnsignedString(length) + ", at most " + limit + " may be");
        }
        if (length > in.remaining()) {
            throw tooShort();
        }
        return length;
    }

    private WireException tooShort() {
        return new WireException("the message ends too early");
    }
}
