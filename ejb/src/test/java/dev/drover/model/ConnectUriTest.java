package dev.drover.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectUriTest {

    @Test
    void allItsPartsAreRead() {
        var uri = ConnectUri.parse(" qemu+tls://ann@h1.example:16514/system?name=qemu%3A///system&no_tty=1 ");
        assertEquals("qemu", uri.driver());
        assertEquals(Optional.of("tls"), uri.transport());
        assertEquals(Optional.of("ann"), uri.user());
        assertEquals(Optional.of("h1.example"), uri.host());
        assertEquals(Optional.of(16514), uri.port());
        assertEquals("/system", uri.path());
        assertEquals(Map.of("name", "qemu:///system", "no_tty", "1"), uri.parameters());
        assertTrue(uri.isRemote());
    }

    @ParameterizedTest(name = "{0} is written {1}")
    @CsvSource({
        "qemu:///system,qemu:///system",
        "QEMU+TCP://h1/system,qemu+tcp://h1/system",
        "sim://h1,sim://h1",
        "qemu+tcp://[fd00::1]:16509/system,qemu+tcp://[fd00::1]:16509/system",
        "qemu+unix:///system?socket=/run/x%20y,qemu+unix:///system?socket=/run/x%20y",
        "qemu:///system?a=1;b=2,qemu:///system?a=1&b=2",
        "qemu:///system?flag,qemu:///system?flag="
    })
    void canonicalTextIsReadBackAsTheSame(String text, String canonical) {
        var uri = ConnectUri.parse(text);
        assertEquals(canonical, uri.toString());
        assertEquals(uri, ConnectUri.parse(canonical));
        assertEquals(uri.hashCode(), ConnectUri.parse(canonical).hashCode());
    }

    @Test
    void addressInBracketsLosesThem() {
        assertEquals(
                Optional.of("fd00::1"),
                ConnectUri.parse("qemu+tcp://[fd00::1]/system").host());
    }

    @Test
    void uriWithoutHostIsLocal() {
        assertFalse(ConnectUri.parse("qemu:///system").isRemote());
        assertNotEquals(ConnectUri.parse("qemu:///system"), ConnectUri.parse("qemu:///session"));
    }

    @ParameterizedTest(name = "{0} is refused: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense|lacks driver://",
                "qemu+tcp:/system x|Illegal character",
                "mailto:ann@h1|lacks driver://",
                "qemu+tcp+ssh://h1/system|driver or driver+transport",
                "qemu+tcp://h1:0/system|port must be 1..65535",
                "qemu+tcp://h1:65536/system|port must be 1..65535",
                "qemu+tcp://h1:many/system|host or port",
                "qemu+tcp://h 1/system|Illegal character",
                "qemu+tcp://h1/system#x|fragment",
                "qemu+tcp://h1/system?a=1&a=2|stands twice",
                "qemu+tcp://h1/system?=1|lacks its name",
            })
    void malformedUriIsRefusedWithTheReasonAndAnExample(String text, String reason) {
        String message = refusal(text);
        assertTrue(message.contains(reason), message);
        assertTrue(message.contains("as in qemu+tcp://host/system"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qemu+tcp://ann:s3cret@h1/system",
                "qemu+tcp://ann:s3cret@h1:0/system",
                "qemu+tcp://h1/system?password=s3cret",
                "qemu+tcp://h1/system?Password=s3cret&a=1",
                "qemu+tcp://ann:s3cret@h1/sys tem",
                "qemu+tcp://h1/sys tem?password=s3cret",
            })
    void passwordIsRefusedAndNeverShown(String text) {
        String message = refusal(text);
        assertFalse(message.contains("s3cret"), message);
    }

    @Test
    void longNonsenseIsShownShortened() {
        assertTrue(refusal("x".repeat(100_000)).length() < 500);
    }

    private static String refusal(String text) {
        var refusal = assertThrows(FailureException.class, () -> ConnectUri.parse(text));
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal.failure().code());
        return refusal.failure().message();
    }
}
