package dev.drover.driver.libvirt.auth;

import java.util.Optional;

/** A place where credentials are kept. Asked anew for each connection, so that a changed password counts at once. */
@FunctionalInterface
public interface Credentials {

    /**
     * The credential for {@code login}, if there is one here.
     *
     * @throws dev.drover.hypervisor.HypervisorException when the place cannot be read; says where, never what stands there
     */
    Optional<Credential> find(Login login);

    /** This place, and then {@code next} for what it lacks. */
    default Credentials orElse(Credentials next) {
        return login -> find(login).or(() -> next.find(login));
    }
}
