package dev.drover.jmx;

import java.util.List;

/**
 * Evacuations over JMX. Targets are host names separated by commas, the deadline is ISO 8601; blank means absent. Emits a
 * notification of type {@code drover.transition} for each transition, with sequence numbers, since they may arrive out of
 * order.
 */
@Description(
        "Empties hosts of their running domains. Notifications of type drover.transition tell of each change, in the"
                + " order of their sequence numbers.")
public interface EvacuationsMXBean {

    @Description("A line each, the newest first: id, host, state, progress.")
    List<String> getEvacuations();

    @Description("What emptying the host would do now, a line for each domain. Changes nothing.")
    List<String> planEvacuation(@Description("name of the host to empty") String host);

    @Description("What emptying the host would do now, a line for each domain. Changes nothing.")
    List<String> planEvacuation(
            @Description("name of the host to empty") String host,
            @Description("hosts that may take its domains, separated by commas; blank for any") String targets,
            @Description("what may be done to a domain; blank for live") String policy,
            @Description("after which nothing further is started, as 2026-11-23T02:00:00Z; blank for none")
                    String deadline);

    @Description("Starts to empty a host and returns the evacuation's id.")
    String startEvacuation(@Description("name of the host to empty") String host);

    @Description("Starts to empty a host and returns the evacuation's id.")
    String startEvacuation(
            @Description("name of the host to empty") String host,
            @Description("hosts that may take its domains, separated by commas; blank for any") String targets,
            @Description("what may be done to a domain; blank for live") String policy,
            @Description("after which nothing further is started, as 2026-11-23T02:00:00Z; blank for none")
                    String deadline);

    @Description(
            "The evacuation's state: PLANNING, RUNNING, PAUSED, CANCELLING, COMPLETED, INCOMPLETE, CANCELLED, FAILED.")
    String state(@Description("the evacuation's id") String id);

    @Description("Each domain's migration in this evacuation.")
    List<MigrationView> migrations(@Description("the evacuation's id") String id);

    @Description("Starts nothing further until resumed; what is under way goes on. Returns the state.")
    String pause(@Description("the evacuation's id") String id);

    @Description("Goes on after a pause. Returns the state.")
    String resume(@Description("the evacuation's id") String id);

    @Description("Calls off what is under way and starts nothing further; every domain runs on where it is.")
    String cancel(@Description("the evacuation's id") String id);

    @Description("Closes its record without touching a domain, where nothing else ends it.")
    String forceClose(
            @Description("the evacuation's id") String id, @Description("why; for the audit trail") String reason);

    @Description("Who did what when, a line each, oldest first; its migrations' lines included.")
    List<String> audit(@Description("the evacuation's id") String id);

    @Description("What needs a human, or will if it lasts, and what to do about it; a line each, the oldest first.")
    List<String> getAlerts();

    @Description("Brings back what an ended evacuation moved away; returns the new evacuation's id.")
    String giveBack(@Description("the evacuation's id") String id);
}
