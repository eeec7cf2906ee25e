package dev.drover.driver.libvirt.auth;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The SASL mechanisms that Drover speaks, the better first. Neither adds a layer of its own to the connection. */
public enum Mechanism {
    /** Proves on both sides that the password is known, and sends it to nobody. */
    SCRAM_SHA_256("SCRAM-SHA-256", false),
    /** Sends the password as it is. */
    PLAIN("PLAIN", true);

    private final String saslName;
    private final boolean showsPassword;

    Mechanism(String saslName, boolean showsPassword) {
        this.saslName = saslName;
        this.showsPassword = showsPassword;
    }

    /** As the registry of SASL mechanisms writes it. */
    public String saslName() {
        return saslName;
    }

    /** What came of a choice. */
    public sealed interface Choice permits Chosen, None {}

    public record Chosen(Mechanism mechanism) implements Choice {}

    /** @param why with what would help */
    public record None(String why) implements Choice {}

    /**
     * Chooses the best of what the server offers, what the URI insists on, and what the connection permits.
     *
     * @param offered names as the server sent them
     * @param wanted the only one that will do, if any
     * @param isPrivate whether the connection hides a password from those on the way
     */
    public static Choice choose(List<String> offered, Optional<String> wanted, boolean isPrivate) {
        List<Mechanism> known = Arrays.stream(values())
                .filter(each -> wanted.isEmpty() || wanted.get().equals(each.saslName))
                .toList();
        if (known.isEmpty()) {
            return new None("mechanism " + wanted.get() + " is not spoken here; use SCRAM-SHA-256, or PLAIN over TLS");
        }
        List<Mechanism> common =
                known.stream().filter(each -> offered.contains(each.saslName)).toList();
        if (common.isEmpty()) {
            return new None("the server offers " + (offered.isEmpty() ? "no mechanism" : offered) + ", wanted is "
                    + known.stream().map(Mechanism::saslName).toList()
                    + (isPrivate
                            ? "; set mech_list in its sasl2/libvirt.conf"
                            : "; over +tcp libvirt offers only mechanisms that encrypt: use +tls"));
        }
        return common.stream()
                .filter(each -> isPrivate || !each.showsPassword)
                .findFirst()
                .<Choice>map(Chosen::new)
                .orElseGet(() -> new None("PLAIN would send the password readable to all on the way; use +tls with a "
                        + "verified server, or let the server offer SCRAM-SHA-256"));
    }
}
