package dev.drover.driver.libvirt.auth;

import java.security.Security;
import org.wildfly.security.password.WildFlyElytronPasswordProvider;
import org.wildfly.security.sasl.scram.WildFlyElytronSaslScramProvider;

/** Installs what WildFly installs in the JVM of the server. */
public final class ElytronProviders {

    private ElytronProviders() {}

    public static void install() {
        Security.addProvider(WildFlyElytronSaslScramProvider.getInstance());
        Security.addProvider(WildFlyElytronPasswordProvider.getInstance());
    }
}
