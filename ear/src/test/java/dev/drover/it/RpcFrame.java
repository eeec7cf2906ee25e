package dev.drover.it;

import dev.drover.driver.libvirt.wire.Header;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One message of libvirt's protocol as it passes by: its length, its header of six words, its body.
 *
 * @param host whose daemon it goes to or comes from
 */
record RpcFrame(String host, ByteBuffer bytes) {

    private static final int LONGEST = 64 << 20;

    /** @throws java.io.EOFException when there is no further one */
    static RpcFrame read(String host, DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < Integer.BYTES + Header.SIZE || length > LONGEST) {
            throw new IOException("no frame of libvirt's protocol has " + length + " bytes");
        }
        byte[] whole = new byte[length];
        ByteBuffer.wrap(whole).putInt(length);
        in.readFully(whole, Integer.BYTES, length - Integer.BYTES);
        return new RpcFrame(host, ByteBuffer.wrap(whole));
    }

    private int word(int index) {
        return bytes.getInt(Integer.BYTES * (1 + index));
    }

    /** Whether the daemon tells it of itself. */
    boolean isEvent() {
        return word(0) == Header.REMOTE_PROGRAM && word(3) == Header.TYPE_MESSAGE;
    }

    boolean is(int procedure, int type) {
        return word(0) == Header.REMOTE_PROGRAM && word(2) == procedure && word(3) == type;
    }
}
