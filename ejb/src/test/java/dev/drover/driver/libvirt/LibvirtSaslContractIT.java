package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.auth.ElytronProviders;
import dev.drover.model.ConnectUri;
import java.io.IOException;
import org.junit.jupiter.api.Tag;

/**
 * The contract with SASL inside TLS: SCRAM-SHA-256 to the source, PLAIN to the destination. The source's own daemon logs
 * in to the destination with its own auth.conf.
 */
@Tag("transports")
class LibvirtSaslContractIT extends LibvirtLabContract {

    @Override
    void prepare() throws IOException, InterruptedException {
        ElytronProviders.install();
        lab.auth("h1", "tls", "sasl");
        lab.auth("h2", "tls", "sasl");
    }

    @Override
    ConnectUri sourceUri() {
        return Transports.tls(lab, "h1", "&authfile=" + lab.authFile());
    }

    @Override
    ConnectUri destinationUri() {
        return Transports.tls(lab, "h2", "&auth=sasl.PLAIN&authfile=" + lab.authFile());
    }

    @Override
    protected ConnectUri unreachable() {
        return ConnectUri.parse("qemu+tls://127.0.0.1:1/system?pkipath=" + lab.pki());
    }
}
