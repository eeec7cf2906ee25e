package dev.drover.model;

import java.util.Comparator;

/** A version of libvirt, as its documentation counts them: since 5.2.0. */
public record LibvirtVersion(int major, int minor, int release) implements Comparable<LibvirtVersion> {

    private static final Comparator<LibvirtVersion> ORDER = Comparator.comparingInt(LibvirtVersion::major)
            .thenComparingInt(LibvirtVersion::minor)
            .thenComparingInt(LibvirtVersion::release);

    private static final int MILLION = 1_000_000;
    private static final int THOUSAND = 1_000;

    /** @param text {@code major.minor.release} */
    public static LibvirtVersion parse(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("no major.minor.release: " + text);
        }
        return new LibvirtVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    }

    /** @param number 1,000,000 × major + 1,000 × minor + release, as {@code virConnectGetLibVersion} tells it */
    public static LibvirtVersion ofNumber(long number) {
        return new LibvirtVersion(
                (int) (number / MILLION), (int) (number / THOUSAND % THOUSAND), (int) (number % THOUSAND));
    }

    public boolean isAtLeast(LibvirtVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(LibvirtVersion other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + release;
    }
}
