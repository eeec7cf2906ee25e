package dev.drover.driver.libvirt;

import dev.drover.hypervisor.MigrationMode;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.LibvirtVersion;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What each of libvirt's hypervisor drivers can do, by the daemon's version (LIBVIRT.md). */
public final class Support {

    private static final LibvirtVersion ZLIB_AND_ZSTD = LibvirtVersion.parse("9.4.0");
    private static final LibvirtVersion POST_COPY_RECOVERY = LibvirtVersion.parse("8.5.0");
    private static final LibvirtVersion DIRTY_RATE = LibvirtVersion.parse("7.2.0");

    private Support() {}

    /** {@link #of(String, long, boolean)} where nothing holds copies. */
    public static MigrationSupport of(String type, long number) {
        return of(type, number, false);
    }

    /**
     * @param type as {@code virConnectGetType}: {@code QEMU}, {@code Xen}, …
     * @param number of the daemon's version, as {@code virConnectGetLibVersion}
     * @param holds whether copies are held when this process dies
     */
    public static MigrationSupport of(String type, long number, boolean holds) {
        LibvirtVersion version = LibvirtVersion.ofNumber(number);
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "qemu" -> qemu(type, version, holds);
            case "xen", "libxl" -> xen(type, version);
            case "vz", "parallels" -> vz(type, version);
            default -> MigrationSupport.none(type, Optional.of(version));
        };
    }

    private static MigrationSupport qemu(String type, LibvirtVersion version, boolean holds) {
        Set<MigrateFlag> flags = EnumSet.allOf(MigrateFlag.class);
        flags.removeIf(flag -> !version.isAtLeast(flag.since()));
        Set<MigrateParam> params = EnumSet.allOf(MigrateParam.class);
        params.removeIf(param -> !version.isAtLeast(param.since()));
        Set<String> compressions = new LinkedHashSet<>(Set.of("xbzrle", "mt"));
        if (version.isAtLeast(ZLIB_AND_ZSTD)) {
            compressions.addAll(Set.of("zlib", "zstd"));
        }
        Set<Verb> verbs = EnumSet.allOf(Verb.class);
        if (!version.isAtLeast(POST_COPY_RECOVERY)) {
            verbs.remove(Verb.POST_COPY_RECOVERY);
        }
        // the daemons end such a post-copy by themselves since they can recover one
        if (!holds || !version.isAtLeast(POST_COPY_RECOVERY)) {
            verbs.remove(Verb.HELD_POST_COPY);
        }
        if (!version.isAtLeast(DIRTY_RATE)) {
            verbs.remove(Verb.DIRTY_RATE);
        }
        return new MigrationSupport(
                type,
                Optional.of(version),
                flags,
                params,
                compressions,
                Set.of("tcp", "rdma", "unix"),
                EnumSet.allOf(MigrationMode.class),
                verbs);
    }

    private static MigrationSupport xen(String type, LibvirtVersion version) {
        return new MigrationSupport(
                type,
                Optional.of(version),
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
                Set.of(),
                Set.of("tcp"),
                EnumSet.allOf(MigrationMode.class),
                Set.of(Verb.RENAME));
    }

    // destination_xml passes its list of parameters, then its first phase refuses it; not measured
    private static MigrationSupport vz(String type, LibvirtVersion version) {
        return new MigrationSupport(
                type,
                Optional.of(version),
                Set.of(
                        MigrateFlag.LIVE,
                        MigrateFlag.PEER2PEER,
                        MigrateFlag.PERSIST_DEST,
                        MigrateFlag.UNDEFINE_SOURCE,
                        MigrateFlag.PAUSED,
                        MigrateFlag.NON_SHARED_INC),
                Set.of(MigrateParam.MIGRATE_URI, MigrateParam.DESTINATION_NAME),
                Set.of(),
                Set.of("vzmigr"),
                Set.of(MigrationMode.PEER_TO_PEER),
                Set.of(Verb.RENAME, Verb.PROGRESS, Verb.ABORT));
    }
}
