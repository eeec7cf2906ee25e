package dev.drover.driver.libvirt;

import java.util.UUID;

/**
 * The destination's copy of one managed migration that may go over to post-copy. Until it is taken it goes with this
 * process as any other does.
 *
 * @param connection the one that has the copy made
 */
record HeldCopy(Holding holding, UUID domain, LibvirtConnection connection) {

    boolean isTaken() {
        return holding.has(domain);
    }

    /** From now on it stays whatever becomes of this process. @return false when that was so already */
    boolean take() {
        return holding.take(domain);
    }

    /** From now on it goes when the connection is closed, if it has not been told to run by then. */
    void letGo() {
        holding.letGo(domain);
    }
}
