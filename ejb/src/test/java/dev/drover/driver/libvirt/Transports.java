package dev.drover.driver.libvirt;

import dev.drover.lab.Lab;
import dev.drover.model.ConnectUri;

/** Connect URIs of the lab's hosts over each transport. */
final class Transports {

    private Transports() {}

    /** @param more further parameters, each behind an ampersand */
    static ConnectUri tls(Lab lab, String host, String more) {
        return ConnectUri.parse("qemu+tls://" + Lab.address(host) + "/system?pkipath=" + lab.pki() + more);
    }

    /** @param more further parameters, each behind an ampersand */
    static ConnectUri ssh(Lab lab, String host, String more) {
        return ConnectUri.parse("qemu+ssh://root@" + Lab.address(host) + "/system?keyfile=" + lab.sshKey()
                + "&known_hosts=" + lab.knownHosts() + more);
    }

    static ConnectUri unix(Lab lab, String host) {
        return ConnectUri.parse("qemu+unix:///system?socket=" + lab.socket(host));
    }
}
