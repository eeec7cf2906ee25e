package dev.drover.driver.libvirt.wire;

/** The largest things libvirt's protocol allows, checked before memory is taken for them. */
public final class Limits {

    /** A frame with its length word, bytes. */
    public static final int FRAME = 32 * 1024 * 1024 + 4;

    /** A string, bytes. */
    public static final int STRING = 4 * 1024 * 1024;

    /** Opaque data such as a migration cookie, bytes. */
    public static final int OPAQUE = 4 * 1024 * 1024;

    /** Domains in a list. */
    public static final int DOMAINS = 16384;

    /** Typed parameters in one answer. */
    public static final int PARAMS = 4096;

    private Limits() {}
}
