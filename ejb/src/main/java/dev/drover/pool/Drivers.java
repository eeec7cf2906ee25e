package dev.drover.pool;

import dev.drover.hypervisor.HypervisorDriver;
import dev.drover.model.ConnectUri;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.util.Set;
import java.util.TreeSet;

/** Picks the driver of a connect URI among those deployed. */
final class Drivers {

    private final Iterable<? extends HypervisorDriver> drivers;

    Drivers(Iterable<? extends HypervisorDriver> drivers) {
        this.drivers = drivers;
    }

    /** @throws FailureException {@code INVALID_ARGUMENT} when no driver accepts {@code uri} */
    HypervisorDriver find(ConnectUri uri) {
        Set<String> known = new TreeSet<>();
        for (HypervisorDriver driver : drivers) {
            if (driver.accepts(uri)) {
                return driver;
            }
            known.add(driver.name());
        }
        throw new FailureException(
                FailureCode.INVALID_ARGUMENT,
                "uri: no driver for " + uri + ", known: " + String.join(", ", known)
                        + "; check the part before :// of the host's URI");
    }
}
