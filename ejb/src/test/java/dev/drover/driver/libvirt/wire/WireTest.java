package dev.drover.driver.libvirt.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import dev.drover.model.ParamValue;
import dev.drover.model.TypedParameter;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The protocol byte for byte. */
class WireTest {

    private static final HexFormat HEX = HexFormat.of();

    @Test
    void stringIsItsLengthItsBytesAndPaddingToFour() {
        assertEquals(
                "00000005" + "68656c6c6f" + "000000",
                HEX.formatHex(new XdrWriter().string("hello").bytes()));
        assertEquals("hello", reader("0000000568656c6c6f000000").string());
    }

    @Test
    void numbersAreBigEndian() {
        assertEquals("fffffffe", HEX.formatHex(new XdrWriter().int32(-2).bytes()));
        assertEquals(
                "0000000100000002",
                HEX.formatHex(new XdrWriter().int64(0x100000002L).bytes()));
        assertEquals(
                "3ff8000000000000", HEX.formatHex(new XdrWriter().float64(1.5).bytes()));
    }

    @Test
    void uuidHasNoLength() {
        UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
        assertEquals(
                "00112233445566778899aabbccddeeff",
                HEX.formatHex(new XdrWriter().uuid(uuid).bytes()));
        assertEquals(uuid, reader("00112233445566778899aabbccddeeff").uuid());
    }

    @Test
    void frameCountsItsOwnLength() {
        byte[] frame = Header.call(Procedure1.AUTH_LIST, 7).frame(new byte[] {1, 2, 3, 4});
        assertEquals(
                "00000020" + "20008086" + "00000001" + "00000042" + "00000000" + "00000007" + "00000000" + "01020304",
                HEX.formatHex(frame));
    }

    /** 66, spelled here so that a wrong constant in the product shows. */
    private static final class Procedure1 {
        static final int AUTH_LIST = 66;
    }

    @Test
    void eachTypeOfParameterHasItsNumber() {
        assertParameter("69", "00000001" + "ffffffff", new ParamValue.IntValue(-1));
        assertParameter("69", "00000002" + "ffffffff", new ParamValue.UIntValue(-1));
        assertParameter("69", "00000003" + "ffffffffffffffff", new ParamValue.LongValue(-1));
        assertParameter("69", "00000004" + "ffffffffffffffff", new ParamValue.ULongValue(-1));
        assertParameter("69", "00000005" + "3ff8000000000000", new ParamValue.DoubleValue(1.5));
        assertParameter("69", "00000006" + "00000001", new ParamValue.BooleanValue(true));
        assertParameter("69", "00000007" + "00000002" + "61620000", new ParamValue.StringValue("ab"));
    }

    private static void assertParameter(String name, String value, ParamValue expected) {
        String bytes = "00000001" + "00000001" + name + "000000" + value;
        var out = new XdrWriter();
        TypedParams.write(out, List.of(new TypedParameter("i", expected)));
        assertEquals(bytes, HEX.formatHex(out.bytes()));
        assertEquals(expected, TypedParams.read(reader(bytes)).get("i"));
    }

    @Test
    void unknownParameterTypeIsRefused() {
        assertThrows(
                WireException.class, () -> TypedParams.read(reader("00000001" + "00000001" + "69000000" + "00000008")));
    }

    @Test
    void errorKeepsItsNumbersAlsoUnknownOnes() {
        String strings = "00000001" + "00000001" + "61000000" + "00000000" + "00000000";
        HypervisorException known = RemoteError.read(reader(
                "0000004e" + "0000000a" + "00000001" + "00000002" + "6e6f0000" + "00000002" + "00000000" + strings));
        assertEquals(FailureCode.ABORTED, known.failure().code());
        assertEquals(10, known.domain());
        assertEquals("no", known.failure().message());
        assertEquals(List.of("a", "", ""), known.strings());

        HypervisorException unknown =
                RemoteError.read(reader("00000fff" + "00000001" + "00000000" + "00000002" + "00000000" + strings));
        assertEquals(FailureCode.HYPERVISOR_ERROR, unknown.failure().code());
        assertEquals(4095, unknown.failure().number());
    }

    @Test
    void lengthBeyondTheLimitOrTheMessageTakesNoMemory() {
        assertThrows(WireException.class, () -> reader("7fffffff").string());
        assertThrows(WireException.class, () -> reader("ffffffff").string());
        assertThrows(WireException.class, () -> reader("00000008" + "61626364").string());
        assertThrows(WireException.class, () -> reader("00004000").list(Limits.DOMAINS, DomainRef::read));
        assertThrows(WireException.class, () -> reader("0000").int32());
    }

    private static XdrReader reader(String hex) {
        return new XdrReader(HEX.parseHex(hex));
    }
}
