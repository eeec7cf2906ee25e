package dev.drover.driver.libvirt.auth;

import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.sasl.RealmCallback;
import javax.security.sasl.Sasl;
import javax.security.sasl.SaslClient;
import javax.security.sasl.SaslException;

/**
 * One login by SASL, from the client's side: what to send next, given what the server said. The mechanisms are the JDK's
 * and, for SCRAM, those of the Elytron provider that WildFly installs. The password is wiped at {@link #close}.
 */
public final class SaslDialogue implements AutoCloseable {

    /** More turns than any mechanism takes; a server that wants more is not serious. */
    private static final int MOST_TURNS = 8;

    private final String peer;
    private final Mechanism mechanism;
    private final Credential credential;
    private final SaslClient client;
    private int turns;

    /**
     * @param peer the URI, for messages
     * @param host for the mechanism's own use
     */
    public SaslDialogue(String peer, Mechanism mechanism, String host, Credential credential) {
        this.peer = peer;
        this.mechanism = mechanism;
        this.credential = credential;
        this.client = client(host);
    }

    private SaslClient client(String host) {
        try {
            SaslClient made = Sasl.createSaslClient(
                    new String[] {mechanism.saslName()},
                    null,
                    "libvirt",
                    host,
                    Map.of(Sasl.QOP, "auth"),
                    new Answers(credential));
            if (made != null) {
                return made;
            }
        } catch (SaslException e) {
            throw failed("cannot begin: " + e.getMessage());
        }
        throw failed("no security provider of this JVM speaks it; in WildFly, Elytron's does");
    }

    /** The first message, absent where the server speaks first. */
    public Optional<byte[]> begin() {
        return client.hasInitialResponse() ? Optional.ofNullable(answer(new byte[0])) : Optional.empty();
    }

    /**
     * Takes the server's word.
     *
     * @param complete whether the server says that it is satisfied
     * @param said its message, if any
     * @return whether there is more to say
     */
    public Turn next(boolean complete, Optional<byte[]> said) {
        if (++turns > MOST_TURNS) {
            throw failed("the server does not come to an end");
        }
        Optional<byte[]> reply = Optional.empty();
        if (!client.isComplete() || said.filter(bytes -> bytes.length > 0).isPresent()) {
            reply = Optional.ofNullable(answer(said.orElse(new byte[0])));
        }
        if (!complete) {
            return new Turn(false, reply);
        }
        if (!client.isComplete()) {
            throw failed("the server says it is done without having proved that it knows the password");
        }
        return new Turn(true, Optional.empty());
    }

    /**
     * What to do.
     *
     * @param done whether the login has succeeded
     * @param reply otherwise, what to send, if anything
     */
    public record Turn(boolean done, Optional<byte[]> reply) {}

    private byte @org.jspecify.annotations.Nullable [] answer(byte[] challenge) {
        try {
            return client.evaluateChallenge(challenge);
        } catch (SaslException e) {
            throw failed(e.getMessage());
        } catch (RuntimeException e) {
            // a stranger's bytes went in
            throw failed("the server's message makes no sense");
        }
    }

    private HypervisorException failed(@org.jspecify.annotations.Nullable String why) {
        return new HypervisorException(
                FailureCode.AUTHENTICATION_FAILED,
                peer + ": SASL " + mechanism.saslName() + " as " + credential.authname() + ": " + why);
    }

    @Override
    public void close() {
        credential.password().wipe();
        try {
            client.dispose();
        } catch (SaslException e) {
            // it holds nothing but memory
        }
    }

    private record Answers(Credential credential) implements CallbackHandler {

        @Override
        public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
            for (Callback callback : callbacks) {
                if (callback instanceof NameCallback name) {
                    name.setName(credential.authname());
                } else if (callback instanceof PasswordCallback password) {
                    char[] characters = credential.password().characters();
                    password.setPassword(characters);
                    Arrays.fill(characters, '\0');
                } else if (callback instanceof RealmCallback realm) {
                    realm.setText(realm.getDefaultText());
                } else {
                    throw new UnsupportedCallbackException(callback);
                }
            }
        }
    }
}
