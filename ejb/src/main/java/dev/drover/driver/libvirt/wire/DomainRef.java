package dev.drover.driver.libvirt.wire;

import java.util.UUID;

/**
 * How the protocol names a domain ({@code remote_nonnull_domain}).
 *
 * @param id the running domain's number on its host, -1 when it does not run
 */
public record DomainRef(String name, UUID uuid, int id) {

    public static DomainRef read(XdrReader in) {
        return new DomainRef(in.string(), in.uuid(), in.int32());
    }

    public void write(XdrWriter out) {
        out.string(name).uuid(uuid).int32(id);
    }
}
