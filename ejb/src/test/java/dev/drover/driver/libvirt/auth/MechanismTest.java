package dev.drover.driver.libvirt.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MechanismTest {

    private static Mechanism.Choice choose(String offered, String wanted, boolean isPrivate) {
        return Mechanism.choose(
                offered.isBlank() ? List.of() : List.of(offered.split(" ")),
                Optional.of(wanted).filter(w -> !w.equals("any")),
                isPrivate);
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN SCRAM-SHA-256,   any,            true,  SCRAM_SHA_256",
        "PLAIN SCRAM-SHA-256,   any,            false, SCRAM_SHA_256",
        "PLAIN SCRAM-SHA-256,   PLAIN,          true,  PLAIN",
        "GSSAPI PLAIN,          any,            true,  PLAIN",
        "SCRAM-SHA-256,         SCRAM-SHA-256,  false, SCRAM_SHA_256",
    })
    void bestOfWhatBothHaveIsChosen(String offered, String wanted, boolean isPrivate, Mechanism expected) {
        assertEquals(new Mechanism.Chosen(expected), choose(offered, wanted, isPrivate));
    }

    @ParameterizedTest
    @CsvSource({
        "PLAIN,                 any,            false, +tls",
        "PLAIN SCRAM-SHA-256,   PLAIN,          false, +tls",
        "DIGEST-MD5,            any,            true,  DIGEST-MD5",
        "PLAIN,                 SCRAM-SHA-256,  true,  SCRAM-SHA-256",
        "GSSAPI,                GSSAPI,         true,  not spoken",
        "'',                    any,            false, +tls",
        "SCRAM-SHA-2567,        any,            true,  SCRAM-SHA-256",
    })
    void nothingFittingSaysWhatWouldHelp(String offered, String wanted, boolean isPrivate, String said) {
        Mechanism.Choice choice = choose(offered, wanted, isPrivate);
        assertTrue(choice instanceof Mechanism.None none && none.why().contains(said), choice::toString);
    }

    @Test
    void secretsDoNotShowThemselves() {
        var secret = new Secret("horse-battery".toCharArray());
        var credential = new Credential("anna", secret);
        assertEquals("(secret)", secret.toString());
        assertTrue(credential.toString().contains("anna"));
        assertTrue(!credential.toString().contains("horse"), credential::toString);
        secret.wipe();
        assertEquals("\0".repeat(13), new String(secret.characters()));
    }
}
