package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.auth.Credential;
import dev.drover.driver.libvirt.auth.Credentials;
import dev.drover.driver.libvirt.auth.Login;
import dev.drover.driver.libvirt.auth.Mechanism;
import dev.drover.driver.libvirt.auth.SaslDialogue;
import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.remote.SaslReply;
import dev.drover.driver.libvirt.transport.Target;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.FailureCode;
import java.util.Arrays;
import java.util.List;

/** Logs in to a daemon by what it asks for: nothing, or SASL. Blocks; uses no I/O thread for its sums. */
final class Authentication {

    private static final int NONE = 0;
    private static final int SASL = 1;
    private static final int POLKIT = 2;

    private final String peer;
    private final Target target;
    private final Credentials credentials;

    /** @param peer the URI, for messages */
    Authentication(String peer, Target target, Credentials credentials) {
        this.peer = peer;
        this.target = target;
        this.credentials = credentials;
    }

    /** @throws HypervisorException {@code AUTHENTICATION_FAILED} with what would help */
    void perform(RemoteCalls calls, Patience patience) {
        List<Integer> schemes = patience.on(calls.authList());
        int first = schemes.isEmpty() ? NONE : schemes.get(0);
        if (target.sasl() && !schemes.contains(SASL)) {
            throw failed(
                    "the URI asks for SASL, which the server does not offer; leave auth= out or configure it there");
        }
        switch (target.sasl() ? SASL : first) {
            case NONE -> {}
            case SASL -> sasl(calls, patience);
            case POLKIT ->
                throw failed("the server wants polkit, which asks a person at a desktop; run this server as root, set"
                        + " auth_unix_rw = \"sasl\" or \"none\" in libvirtd.conf, or use another transport");
            default -> throw failed("the server wants the unknown authentication scheme " + first);
        }
    }

    private void sasl(RemoteCalls calls, Patience patience) {
        Mechanism mechanism = choose(offered(calls, patience));
        Credential credential = credentials
                .find(new Login(target.host(), target.user(), target.authfile()))
                .orElseThrow(() -> failed("no credentials for " + target.host()
                        + target.user().map(user -> " and user " + user).orElse("")
                        + "; put them into auth.conf as [auth-libvirt-" + target.host()
                        + "], or into the credential store"));
        try (var dialogue = new SaslDialogue(peer, mechanism, target.host(), credential)) {
            SaslReply reply = patience.on(calls.authSaslStart(mechanism.saslName(), dialogue.begin()));
            SaslDialogue.Turn turn = dialogue.next(reply.complete(), reply.data());
            while (!turn.done()) {
                reply = patience.on(calls.authSaslStep(turn.reply()));
                turn = dialogue.next(reply.complete(), reply.data());
            }
        } catch (HypervisorException e) {
            // libvirt itself tells a client no more than that it failed
            throw e.failure().code() == FailureCode.AUTHENTICATION_FAILED && e.domain() != 0
                    ? failed("the server refuses " + credential.authname() + " by " + mechanism.saslName() + ": "
                            + e.failure().message())
                    : e;
        }
    }

    private List<String> offered(RemoteCalls calls, Patience patience) {
        try {
            String names = patience.on(calls.authSaslInit());
            return Arrays.stream(names.split("[ ,]+"))
                    .filter(name -> !name.isEmpty())
                    .toList();
        } catch (HypervisorException e) {
            // where libvirt finds none of its mechanisms fit it answers with an error in place of an empty list
            throw e.failure().code() == FailureCode.AUTHENTICATION_FAILED
                    ? failed("the server offers no SASL mechanism on this transport ("
                            + e.failure().message()
                            + "); over +tcp libvirt wants one that encrypts: use +tls; else see mech_list in its "
                            + "sasl2/libvirt.conf")
                    : e;
        }
    }

    private Mechanism choose(List<String> offered) {
        Mechanism.Choice choice =
                Mechanism.choose(offered, target.mechanism(), target.endpoint().isPrivate());
        if (choice instanceof Mechanism.None none) {
            throw failed(none.why());
        }
        return ((Mechanism.Chosen) choice).mechanism();
    }

    private HypervisorException failed(String why) {
        return new HypervisorException(FailureCode.AUTHENTICATION_FAILED, peer + ": " + why);
    }
}
