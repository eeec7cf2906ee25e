package dev.drover.driver.libvirt.auth;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.AccessController;
import java.security.Principal;
import java.util.Optional;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import org.wildfly.security.auth.client.AuthenticationConfiguration;
import org.wildfly.security.auth.client.AuthenticationContext;
import org.wildfly.security.auth.client.AuthenticationContextConfigurationClient;
import org.wildfly.security.auth.principal.AnonymousPrincipal;

/**
 * Credentials as the application server is configured with them: Elytron's authentication context, whose rules match
 * host, user and the protocol {@code libvirt}, and whose passwords may lie in a credential store.
 *
 * <p>The context is that of the calling thread, which in the server is the one set for all deployments; without any it
 * knows nobody.
 */
public final class ServerLogins implements Credentials {

    private static final String PROTOCOL = "libvirt";

    @SuppressWarnings("removal") // the only way that Elytron offers
    private final AuthenticationContextConfigurationClient client =
            AccessController.doPrivileged(AuthenticationContextConfigurationClient.ACTION);

    @Override
    public Optional<Credential> find(Login login) {
        AuthenticationConfiguration configuration =
                client.getAuthenticationConfiguration(uri(login), AuthenticationContext.captureCurrent());
        Principal who = client.getPrincipal(configuration);
        boolean another =
                login.user().filter(user -> !user.equals(who.getName())).isPresent();
        if (who instanceof AnonymousPrincipal || another) {
            return Optional.empty();
        }
        var password = new PasswordCallback("password", false);
        try {
            client.getCallbackHandler(configuration)
                    .handle(new Callback[] {new NameCallback("name", who.getName()), password});
        } catch (UnsupportedCallbackException e) {
            // a rule without a password: the URI's user alone, or one for certificates
            return Optional.empty();
        } catch (IOException e) {
            throw new HypervisorException(
                    FailureCode.AUTHENTICATION_FAILED,
                    "the server's authentication context has a rule for " + login.host()
                            + " whose password cannot be read; see its authentication-configuration and credential store",
                    e);
        }
        char[] found = password.getPassword();
        password.clearPassword();
        return found == null ? Optional.empty() : Optional.of(new Credential(who.getName(), new Secret(found)));
    }

    private static URI uri(Login login) {
        try {
            return new URI(PROTOCOL, login.user().orElse(null), login.host(), -1, "/", null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(login.host() + " has come out of a URI and does not go into one", e);
        }
    }
}
