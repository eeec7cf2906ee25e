package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.JobStatsReply;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.model.MigrateParams;
import java.util.Locale;

/**
 * What libvirt's driver of a hypervisor finds out only after a migration has begun, and what it leaves behind then. The
 * same for both modes: their steps on the hosts are the same.
 */
interface MigrationGuard {

    /** @param type as {@code virConnectGetType}: {@code QEMU}, {@code Xen}, … */
    static MigrationGuard of(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "xen", "libxl" -> new XenGuard();
            default -> (source, domain, target, params) -> {};
        };
    }

    /**
     * Called before anything has been asked of the source.
     *
     * @param params the call's, in libvirt's words
     * @throws dev.drover.hypervisor.HypervisorException with libvirt's code for what stands in the way
     */
    void check(LibvirtConnection source, DomainRef domain, LibvirtConnection target, MigrateParams params);

    /** Whether Begin starts a job also where the source does not promise protection from changes. */
    default boolean beginStartsJob() {
        return false;
    }

    /** Whether that job may be one that nobody works on any more; it is, when the destination has nothing of it. */
    default boolean mayBeLeftBehind(JobStatsReply job) {
        return false;
    }
}
