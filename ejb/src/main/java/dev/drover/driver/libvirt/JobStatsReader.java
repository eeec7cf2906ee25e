package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.JobStatsReply;
import dev.drover.hypervisor.JobStats;
import dev.drover.model.ParamValue;
import java.time.Duration;
import java.util.Map;

/** libvirt's job stats, named fields of many types, as {@link JobStats}. Pure. */
final class JobStatsReader {

    private static final String OPERATION = "operation";
    private static final long MIGRATION_OUT = 5;

    private JobStatsReader() {}

    static JobStats read(JobStatsReply reply) {
        return read(type(reply.type()), reply.params());
    }

    static JobStats read(JobStats.Type type, Map<String, ParamValue> raw) {
        long page = Math.max(1, number(raw, "memory_page_size"));
        return new JobStats(
                type,
                Duration.ofMillis(number(raw, "time_elapsed")),
                Duration.ofMillis(number(raw, "downtime")),
                number(raw, "data_total"),
                number(raw, "data_processed"),
                number(raw, "data_remaining"),
                number(raw, "memory_total"),
                number(raw, "memory_processed"),
                number(raw, "memory_remaining"),
                number(raw, "memory_bps"),
                number(raw, "memory_dirty_rate") * page,
                number(raw, "memory_iteration"),
                raw);
    }

    /** Whether the reply tells of an outgoing migration under way; a daemon that does not name operations is believed. */
    static boolean isOutgoing(JobStatsReply reply) {
        return isActive(reply)
                && (!reply.params().containsKey(OPERATION) || number(reply.params(), OPERATION) == MIGRATION_OUT);
    }

    static boolean isActive(JobStatsReply reply) {
        JobStats.Type type = type(reply.type());
        return type == JobStats.Type.BOUNDED || type == JobStats.Type.UNBOUNDED;
    }

    private static JobStats.Type type(int number) {
        JobStats.Type[] all = JobStats.Type.values();
        return number >= 0 && number < all.length ? all[number] : JobStats.Type.NONE;
    }

    private static long number(Map<String, ParamValue> raw, String field) {
        ParamValue value = raw.get(field);
        return value == null ? 0 : value.whole().orElse(0L);
    }
}
