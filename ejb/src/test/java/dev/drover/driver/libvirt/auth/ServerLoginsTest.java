package dev.drover.driver.libvirt.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.wildfly.security.auth.client.AuthenticationConfiguration;
import org.wildfly.security.auth.client.AuthenticationContext;
import org.wildfly.security.auth.client.MatchRule;

class ServerLoginsTest {

    private static final AuthenticationContext FLEET = AuthenticationContext.empty()
            .with(
                    MatchRule.ALL.matchProtocol("libvirt").matchHost("h1.lab"),
                    AuthenticationConfiguration.empty().useName("first").usePassword("of-h1"))
            .with(
                    MatchRule.ALL.matchProtocol("libvirt").matchHost("h2.lab"),
                    AuthenticationConfiguration.empty().useName("nameless"))
            .with(
                    MatchRule.ALL.matchProtocol("remote"),
                    AuthenticationConfiguration.empty().useName("other").usePassword("of-something-else"));

    private static Optional<String> found(String host, Optional<String> user) {
        var login = new Login(host, user, Optional.empty());
        return FLEET.runFunction(new ServerLogins()::find, login)
                .map(each -> each.authname() + ":" + new String(each.password().characters()));
    }

    @Test
    void ruleForTheHostCounts() {
        assertEquals(Optional.of("first:of-h1"), found("h1.lab", Optional.empty()));
    }

    @Test
    void hostWithoutARuleHasNoCredentials() {
        assertEquals(Optional.empty(), found("h3.lab", Optional.empty()));
    }

    @Test
    void ruleWithoutAPasswordIsNoCredential() {
        assertEquals(Optional.empty(), found("h2.lab", Optional.empty()));
    }

    @Test
    void userOfTheUriDoesNotGetAnotherOnesPassword() {
        assertEquals(Optional.of("first:of-h1"), found("h1.lab", Optional.of("first")));
        assertEquals(Optional.empty(), found("h1.lab", Optional.of("second")));
    }

    @Test
    void withoutAContextNobodyIsKnown() {
        assertEquals(
                Optional.empty(), new ServerLogins().find(new Login("h1.lab", Optional.empty(), Optional.empty())));
    }

    @Test
    void addressOfTheSixthVersionIsAHostToo() {
        assertEquals(Optional.empty(), found("fd00::1", Optional.empty()));
    }
}
