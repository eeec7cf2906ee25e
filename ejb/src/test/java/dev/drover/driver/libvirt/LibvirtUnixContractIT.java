package dev.drover.driver.libvirt;

import dev.drover.model.ConnectUri;
import org.junit.jupiter.api.Tag;

/** The contract with the source reached by its UNIX socket. The destination is reached by TCP, as the source needs. */
@Tag("transports")
class LibvirtUnixContractIT extends LibvirtLabContract {

    @Override
    ConnectUri sourceUri() {
        return Transports.unix(lab, "h1");
    }

    @Override
    protected ConnectUri unreachable() {
        return ConnectUri.parse("qemu+unix:///system?socket=/nowhere/libvirt-sock");
    }
}
