package dev.drover.driver.libvirt;

import dev.drover.model.ConnectUri;
import org.junit.jupiter.api.Tag;

/** The contract over TLS with client certificates, from Drover to both hosts and from the source to the destination. */
@Tag("transports")
class LibvirtTlsContractIT extends LibvirtLabContract {

    @Override
    ConnectUri sourceUri() {
        return Transports.tls(lab, "h1", "");
    }

    @Override
    ConnectUri destinationUri() {
        return Transports.tls(lab, "h2", "");
    }

    @Override
    protected ConnectUri unreachable() {
        return ConnectUri.parse("qemu+tls://127.0.0.1:1/system?pkipath=" + lab.pki());
    }
}
