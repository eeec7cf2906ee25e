package dev.drover.driver.libvirt.remote;

import dev.drover.driver.libvirt.wire.XdrReader;
import java.util.List;
import java.util.Optional;

/**
 * The server's turn in a SASL dialogue.
 *
 * @param complete whether it is satisfied
 * @param data its message; none is not the same as an empty one
 */
public record SaslReply(boolean complete, Optional<byte[]> data) {

    /** The most that either side may say at once, bytes. */
    static final int LIMIT = 65536;

    // the protocol declares an array of characters, which XDR sends as a word each
    static SaslReply read(XdrReader in) {
        boolean complete = in.int32() != 0;
        boolean none = in.int32() != 0;
        List<Integer> words = in.list(LIMIT, XdrReader::int32);
        byte[] data = new byte[words.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = words.get(i).byteValue();
        }
        return new SaslReply(complete, none ? Optional.empty() : Optional.of(data));
    }
}
