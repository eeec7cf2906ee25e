package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.Procedure;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.driver.libvirt.wire.Header;
import dev.drover.driver.libvirt.wire.TypedParams;
import dev.drover.driver.libvirt.wire.XdrWriter;
import dev.drover.model.ParamValue;
import dev.drover.model.TypedParameter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** What fuzzing begins with: sensible input for each target, made by code, and the inputs that a campaign found. */
final class FuzzSeeds {

    private static final DomainRef GUEST = new DomainRef("guest", new UUID(1, 2), 3);
    private static final List<TypedParameter> PARAMS = List.of(
            new TypedParameter("operation", new ParamValue.IntValue(5)),
            new TypedParameter("vcpu.maximum", new ParamValue.UIntValue(1)),
            new TypedParameter("delta", new ParamValue.LongValue(-1)),
            new TypedParameter("memory_page_size", new ParamValue.ULongValue(4096)),
            new TypedParameter("load", new ParamValue.DoubleValue(0.5)),
            new TypedParameter("ok", new ParamValue.BooleanValue(true)),
            new TypedParameter("error", new ParamValue.StringValue("no")));

    private FuzzSeeds() {}

    /** Whole inputs: the target's number, then what it takes. */
    static List<byte[]> all() {
        List<byte[]> seeds = new ArrayList<>();
        List<byte[]> bodies = bodies();
        for (int procedure = 0; procedure < RemoteProcedures.ALL.size(); procedure++) {
            for (byte[] body : bodies) {
                seeds.add(input(FuzzTarget.REPLY, procedure, body));
            }
            seeds.add(joined(bytes(FuzzTarget.REPLY.ordinal(), procedure, 1), error()));
        }
        for (int kind = 0; kind < 4; kind++) {
            seeds.add(joined(bytes(FuzzTarget.EVENT.ordinal(), kind), event()));
        }
        seeds.add(joined(bytes(FuzzTarget.TYPED_PARAMS.ordinal()), params()));
        seeds.add(joined(bytes(FuzzTarget.ERROR.ordinal()), error()));
        for (byte[] body : bodies) {
            seeds.add(joined(bytes(FuzzTarget.XDR.ordinal(), 3, 11, 12, 4), body));
        }
        seeds.add(joined(bytes(FuzzTarget.CHANNEL.ordinal(), 30), stream()));
        seeds.addAll(found());
        return seeds;
    }

    private static byte[] input(FuzzTarget target, int choice, byte[] body) {
        return joined(bytes(target.ordinal(), choice, 0), body);
    }

    private static List<byte[]> bodies() {
        var domains = new XdrWriter().list(List.of(GUEST, GUEST), (out, each) -> each.write(out));
        var stats = new XdrWriter().int32(1);
        GUEST.write(stats);
        TypedParams.write(stats, PARAMS);
        var job = new XdrWriter().int32(1);
        TypedParams.write(job, PARAMS);
        var memory = new XdrWriter().int32(1).string("free").int64(1024);
        return List.of(
                new XdrWriter().int64(9_000_000).bytes(),
                new XdrWriter().string("QEMU").bytes(),
                domains.int32(2).bytes(),
                stats.bytes(),
                job.bytes(),
                memory.int32(0).bytes());
    }

    private static byte[] params() {
        var out = new XdrWriter();
        TypedParams.write(out, PARAMS);
        return out.bytes();
    }

    private static byte[] error() {
        var out = new XdrWriter()
                .int32(78)
                .int32(10)
                .optionalString("aborted")
                .int32(2)
                .int32(1);
        GUEST.write(out);
        return out.optionalString("a")
                .optionalString(null)
                .optionalString("")
                .int32(0)
                .int32(0)
                .int32(0)
                .bytes();
    }

    private static byte[] event() {
        var out = new XdrWriter().int32(0);
        GUEST.write(out);
        return joined(out.bytes(), params());
    }

    private static byte[] stream() {
        return joined(
                Header.keepalive(1).frame(new byte[0]),
                message(Procedure.DOMAIN_EVENT_CALLBACK_LIFECYCLE, Header.TYPE_MESSAGE, 0, 0, event()),
                message(
                        Procedure.CONNECT_GET_LIB_VERSION,
                        Header.TYPE_REPLY,
                        1,
                        0,
                        new XdrWriter().int64(1).bytes()),
                message(Procedure.CONNECT_LIST_ALL_DOMAINS, Header.TYPE_REPLY, 2, 1, error()));
    }

    private static byte[] message(int procedure, int type, int serial, int status, byte[] body) {
        return new Header(Header.REMOTE_PROGRAM, Header.VERSION, procedure, type, serial, status).frame(body);
    }

    // a line of hexadecimal digits each
    private static List<byte[]> found() {
        try (var file = FuzzSeeds.class.getResourceAsStream("found-by-fuzzing.txt")) {
            return file == null
                    ? List.of()
                    : new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                            .lines()
                            .map(HexFormat.of()::parseHex)
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
