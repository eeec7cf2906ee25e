package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.model.MigrateParams;
import java.util.Locale;

/** Sees to what libvirt's driver of a hypervisor would find out only after a migration has begun. */
@FunctionalInterface
interface MigrationGuard {

    /** @param type as {@code virConnectGetType}: {@code QEMU}, {@code Xen}, … */
    static MigrationGuard of(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "xen", "libxl" -> new XenGuard();
            default -> (source, domain, target, params) -> {};
        };
    }

    /**
     * @param params the call's, in libvirt's words
     * @throws dev.drover.hypervisor.HypervisorException with libvirt's code for what stands in the way
     */
    void check(LibvirtConnection source, DomainRef domain, LibvirtConnection target, MigrateParams params);
}
