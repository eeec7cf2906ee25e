package dev.drover.jmx;

import java.util.List;

/**
 * Evacuations over JMX. Targets are host names separated by commas, the deadline is ISO 8601; blank means absent. Emits a
 * notification of type {@code drover.transition} for each transition, with sequence numbers, since they may arrive out of
 * order.
 */
public interface EvacuationsMXBean {

    /** A line each, the newest first: id, host, state, progress in percent. */
    List<String> getEvacuations();

    /** What a run would do now, a line for each domain; the first line is the plan's id. */
    List<String> planEvacuation(String host);

    List<String> planEvacuation(String host, String targets, String policy, String deadline);

    /** Starts to empty a host and returns the evacuation's id. */
    String startEvacuation(String host);

    String startEvacuation(String host, String targets, String policy, String deadline);

    /** The evacuation's state. */
    String state(String id);

    List<MigrationView> migrations(String id);

    String pause(String id);

    String resume(String id);

    String cancel(String id);

    /** Brings back what it moved away; returns the new evacuation's id. */
    String giveBack(String id);
}
