package dev.drover.driver.libvirt;

import dev.drover.model.DataAddress;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.ParamValue.ULongValue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The 2007 proposal's own arguments and its two Xen parameters in the words of libvirt's API of today; the arguments must
 * have passed the check. Pure.
 */
final class ArgumentsOnTheWire {

    private static final double BYTES_PER_MEBIBYTE = 1024.0 * 1024;
    private static final double BYTES_PER_MEGABIT = 1_000_000.0 / 8;

    private ArgumentsOnTheWire() {}

    /**
     * @param destination the destination's name as seen from the source; asked only where a port is given without a name
     * @return what libvirt knows only: no dname, hostname, XEN_PORT or XEN_RESOURCE is left to say
     */
    static MigrateParams of(
            Supplier<String> destination, @Nullable String dname, @Nullable String hostname, MigrateParams params) {
        MigrateParams all = params.without(MigrateParam.XEN_PORT).without(MigrateParam.XEN_RESOURCE);
        if (dname != null) {
            all = all.with(MigrateParam.DESTINATION_NAME, new StringValue(dname));
        }
        var port = params.number(MigrateParam.XEN_PORT).map(Long::intValue);
        if (port.isPresent() || hostname != null) {
            DataAddress host = address(hostname == null ? destination.get() : hostname);
            DataAddress target = port.map(host::withPort).orElse(host);
            all = all.with(MigrateParam.MIGRATE_URI, new StringValue("tcp://" + target));
        }
        // none is left out rather than sent as 0: libvirt's Xen driver refuses the parameter whatever its value
        long megabits = params.number(MigrateParam.XEN_RESOURCE).orElse(0L);
        return megabits > 0 ? all.with(MigrateParam.BANDWIDTH, new ULongValue(mebibytesPerSecond(megabits))) : all;
    }

    private static DataAddress address(String text) {
        return DataAddress.parse(text).orElseGet(() -> new DataAddress(text, java.util.Optional.empty()));
    }

    /** Mbit/s as MiB/s, rounded up, at least 1. */
    static long mebibytesPerSecond(long megabitsPerSecond) {
        return Math.max(1, (long) Math.ceil(megabitsPerSecond * BYTES_PER_MEGABIT / BYTES_PER_MEBIBYTE));
    }
}
