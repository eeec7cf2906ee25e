package dev.drover.driver.libvirt;

import dev.drover.model.ConnectUri;
import java.io.IOException;
import org.junit.jupiter.api.Tag;

/** The contract with the source reached over ssh. The destination is reached by TCP, for the source has no key to it. */
@Tag("transports")
class LibvirtSshContractIT extends LibvirtLabContract {

    @Override
    void prepare() throws IOException, InterruptedException {
        lab.sshd("h1");
    }

    @Override
    ConnectUri sourceUri() {
        return Transports.ssh(lab, "h1", "");
    }

    @Override
    protected ConnectUri unreachable() {
        return ConnectUri.parse("qemu+ssh://127.0.0.1:1/system");
    }
}
