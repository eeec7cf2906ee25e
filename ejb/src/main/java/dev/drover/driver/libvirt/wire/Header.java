package dev.drover.driver.libvirt.wire;

/**
 * The header of every libvirt message: six words behind the frame's length.
 *
 * @param type one of the {@code TYPE_} constants
 * @param serial the caller's number, given back with the reply; 0 for events
 * @param status one of the {@code STATUS_} constants
 */
public record Header(int program, int version, int procedure, int type, int serial, int status) {

    public static final int REMOTE_PROGRAM = 0x20008086;
    public static final int KEEPALIVE_PROGRAM = 0x6b656570;
    public static final int VERSION = 1;

    public static final int TYPE_CALL = 0;
    public static final int TYPE_REPLY = 1;
    public static final int TYPE_MESSAGE = 2;

    public static final int STATUS_OK = 0;
    public static final int STATUS_ERROR = 1;

    /** Bytes of a header. */
    public static final int SIZE = 24;

    public static Header call(int procedure, int serial) {
        return new Header(REMOTE_PROGRAM, VERSION, procedure, TYPE_CALL, serial, STATUS_OK);
    }

    public static Header keepalive(int procedure) {
        return new Header(KEEPALIVE_PROGRAM, VERSION, procedure, TYPE_MESSAGE, 0, STATUS_OK);
    }

    public static Header read(XdrReader in) {
        return new Header(in.int32(), in.int32(), in.int32(), in.int32(), in.int32(), in.int32());
    }

    public void write(XdrWriter out) {
        out.int32(program)
                .int32(version)
                .int32(procedure)
                .int32(type)
                .int32(serial)
                .int32(status);
    }

    /** A whole frame: length, header, body. */
    public byte[] frame(byte[] body) {
        var out = new XdrWriter().int32(4 + SIZE + body.length);
        write(out);
        byte[] head = out.bytes();
        byte[] frame = new byte[head.length + body.length];
        System.arraycopy(head, 0, frame, 0, head.length);
        System.arraycopy(body, 0, frame, head.length, body.length);
        return frame;
    }
}
