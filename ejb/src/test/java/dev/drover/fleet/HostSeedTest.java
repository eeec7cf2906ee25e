package dev.drover.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.model.Host;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostSeedTest {

    @Test
    void eachEntryIsANameAndAUriThatMayHaveItsOwnEqualsSigns() {
        assertEquals(
                List.of(
                        new Host("h1", ConnectUri.parse("qemu+tcp://h1.example/system")),
                        new Host("h2", ConnectUri.parse("qemu+unix:///system?socket=/run/x"))),
                HostSeed.parse("h1=qemu+tcp://h1.example/system, h2=qemu+unix:///system?socket=/run/x,"));
    }

    @Test
    void nothingIsNoHost() {
        assertEquals(List.of(), HostSeed.parse(" , "));
    }

    @ParameterizedTest(name = "{0} is refused: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "qemu:///system|lacks its '='",
                "=qemu:///system|a host's name is",
                "a b=qemu:///system|a host's name is",
                "h1=nonsense|is not a connect URI",
            })
    void wrongEntryIsRefusedWithTheReason(String seed, String reason) {
        var refusal = assertThrows(FailureException.class, () -> HostSeed.parse(seed));
        assertEquals(FailureCode.INVALID_ARGUMENT, refusal.failure().code());
        assertTrue(
                refusal.failure().message().contains(reason), refusal.failure().message());
    }

    @Test
    void passwordInAUriIsNotShown() {
        var refusal = assertThrows(FailureException.class, () -> HostSeed.parse("h1=qemu+tcp://a:s3cret@h1/system"));
        assertFalse(
                refusal.failure().message().contains("s3cret"),
                refusal.failure().message());
    }
}
