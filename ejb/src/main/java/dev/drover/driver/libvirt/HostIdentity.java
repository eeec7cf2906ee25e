package dev.drover.driver.libvirt;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who a host is, whatever URI leads to it.
 *
 * @param uuid as libvirt knows it; its Xen driver names none
 */
record HostIdentity(Optional<String> uuid, String hostname) {

    private static final Pattern UUID = Pattern.compile("<host>\\s*<uuid>\\s*([^<\\s]+)\\s*</uuid>");

    /** @param capabilities libvirt's XML of them */
    static HostIdentity of(String capabilities, String hostname) {
        var found = UUID.matcher(capabilities);
        return new HostIdentity(found.find() ? Optional.of(found.group(1)) : Optional.empty(), hostname);
    }

    /** Where both have a UUID it decides, since names may repeat; else the names do. */
    boolean isSameAs(HostIdentity other) {
        return uuid.isPresent() && other.uuid.isPresent()
                ? uuid.equals(other.uuid)
                : hostname.equalsIgnoreCase(other.hostname);
    }
}
