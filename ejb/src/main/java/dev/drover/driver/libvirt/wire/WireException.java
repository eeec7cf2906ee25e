package dev.drover.driver.libvirt.wire;

/** The other side sent bytes that are not what the protocol allows; the connection cannot be trusted any more. */
public final class WireException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message);
    }
}
