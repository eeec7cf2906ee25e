package dev.drover.hypervisor;

import dev.drover.model.ParamValue;
import java.time.Duration;
import java.util.Map;

/**
 * Progress of a migration as the source reports it ({@code virDomainGetJobStats}). Sizes are bytes.
 *
 * @param type what kind of job it is, or how it ended
 * @param elapsed since its start
 * @param downtime how long the guest stood, or is expected to stand, still; zero when unknown
 * @param dataTotal memory and disks together
 * @param memoryBytesPerSecond rate of the copy
 * @param dirtyBytesPerSecond rate at which the guest changes memory; zero when unknown
 * @param iteration round of the memory copy, from 1
 * @param raw every field as it came
 */
public record JobStats(
        Type type,
        Duration elapsed,
        Duration downtime,
        long dataTotal,
        long dataProcessed,
        long dataRemaining,
        long memoryTotal,
        long memoryProcessed,
        long memoryRemaining,
        long memoryBytesPerSecond,
        long dirtyBytesPerSecond,
        long iteration,
        Map<String, ParamValue> raw) {

    /** In the order of libvirt's {@code virDomainJobType}: the ordinal is the number on the wire. */
    public enum Type {
        NONE,
        BOUNDED,
        UNBOUNDED,
        COMPLETED,
        FAILED,
        CANCELLED
    }

    public JobStats {
        raw = Map.copyOf(raw);
    }

    /** No job. */
    public static JobStats none() {
        return new JobStats(Type.NONE, Duration.ZERO, Duration.ZERO, 0, 0, 0, 0, 0, 0, 0, 0, 0, Map.of());
    }
}
