package dev.drover.driver.libvirt;

import dev.drover.hypervisor.MigrationSupport;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What each of libvirt's hypervisor drivers can do, by the daemon's version (LIBVIRT.md). */
final class Support {

    private static final long V9_4 = 9_004_000;
    private static final long V10_9 = 10_009_000;
    private static final long V11_1 = 11_001_000;

    private Support() {}

    /**
     * @param type as {@code virConnectGetType}: {@code QEMU}, {@code Xen}, …
     * @param version 1,000,000 × major + 1,000 × minor + release
     */
    static MigrationSupport of(String type, long version) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "qemu" ->
                new MigrationSupport(
                        type, EnumSet.allOf(MigrateFlag.class), qemuParams(version), true, EnumSet.allOf(Verb.class));
            case "xen", "libxl" ->
                new MigrationSupport(
                        type,
                        Set.of(
                                MigrateFlag.LIVE,
                                MigrateFlag.PEER2PEER,
                                MigrateFlag.TUNNELLED,
                                MigrateFlag.PERSIST_DEST,
                                MigrateFlag.UNDEFINE_SOURCE,
                                MigrateFlag.PAUSED),
                        Set.of(
                                MigrateParam.MIGRATE_URI,
                                MigrateParam.DESTINATION_NAME,
                                MigrateParam.DESTINATION_XML,
                                MigrateParam.XEN_PORT,
                                MigrateParam.XEN_RESOURCE),
                        true,
                        Set.of());
            default -> new MigrationSupport(type, Set.of(), Set.of(), false, Set.of());
        };
    }

    private static Set<MigrateParam> qemuParams(long version) {
        Set<MigrateParam> params = EnumSet.allOf(MigrateParam.class);
        if (version < V9_4) {
            params.remove(MigrateParam.COMPRESSION_ZLIB_LEVEL);
            params.remove(MigrateParam.COMPRESSION_ZSTD_LEVEL);
        }
        if (version < V10_9) {
            params.remove(MigrateParam.MIGRATE_DISKS_DETECT_ZEROES);
        }
        if (version < V11_1) {
            params.remove(MigrateParam.BANDWIDTH_SWITCHOVER);
        }
        return params;
    }
}
