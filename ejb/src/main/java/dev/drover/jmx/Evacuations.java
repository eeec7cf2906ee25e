package dev.drover.jmx;

import dev.drover.evacuation.Alerts;
import dev.drover.evacuation.Evacuation;
import dev.drover.evacuation.EvacuationRequests;
import dev.drover.evacuation.EvacuationService;
import dev.drover.evacuation.EvacuationVerbs;
import dev.drover.evacuation.Preparation;
import dev.drover.evacuation.Transition;
import dev.drover.planner.EvacuationPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;

/** {@code drover:type=Evacuations}. */
final class Evacuations extends NotificationBroadcasterSupport implements EvacuationsMXBean {

    private static final String TYPE = "drover.transition";

    private final Preparation preparation;
    private final EvacuationService evacuations;
    private final EvacuationVerbs verbs;
    private final Alerts alerts;

    Evacuations(Preparation preparation, EvacuationService evacuations, EvacuationVerbs verbs, Alerts alerts) {
        super(new MBeanNotificationInfo(
                new String[] {TYPE}, Notification.class.getName(), "an evacuation, a migration or a host changed"));
        this.preparation = preparation;
        this.evacuations = evacuations;
        this.verbs = verbs;
        this.alerts = alerts;
    }

    /** Tells the listeners of a transition; the message says all, the user data is its progress in percent. */
    void tell(Transition transition) {
        String subject = transition.domain() == null ? "" + transition.host() : "" + transition.domain();
        var notification = new Notification(
                TYPE,
                "drover:type=Evacuations",
                transition.id(),
                transition.at().toEpochMilli(),
                transition.type() + " " + subject + ": " + transition.to());
        Double progress = transition.progress();
        notification.setUserData(progress == null ? -1 : (int) Math.round(progress * 100));
        sendNotification(notification);
    }

    @Override
    public List<String> getEvacuations() {
        return evacuations.evacuations().stream().map(this::line).toList();
    }

    private String line(Evacuation evacuation) {
        double progress =
                evacuation.state().isFinal() ? 1 : evacuations.progress(evacuations.migrations(evacuation.id()));
        return evacuation.id() + " " + evacuation.host() + " " + evacuation.state() + " " + Math.round(progress * 100)
                + " %";
    }

    @Override
    public List<String> planEvacuation(String host) {
        return planEvacuation(host, "", "", "");
    }

    @Override
    public List<String> planEvacuation(String host, String targets, String policy, String deadline) {
        return JmxRefusal.explained(() -> {
            EvacuationPlan plan = preparation.plan(EvacuationRequests.ofText(host, targets, policy, deadline));
            List<String> lines = new ArrayList<>(List.of("plan " + plan.id()));
            plan.moves().forEach(move -> lines.add(move.domain().name() + " -> " + move.destination()));
            plan.blocked()
                    .forEach(blocked -> lines.add(blocked.domain().name() + " BLOCKED: "
                            + blocked.failure().message()));
            return lines;
        });
    }

    @Override
    public String startEvacuation(String host) {
        return startEvacuation(host, "", "", "");
    }

    @Override
    public String startEvacuation(String host, String targets, String policy, String deadline) {
        return id(() -> verbs.start(EvacuationRequests.ofText(host, targets, policy, deadline), Migrations.BY));
    }

    @Override
    public String state(String id) {
        return state(() -> evacuations.evacuation(Migrations.parse("id", id)));
    }

    @Override
    public List<MigrationView> migrations(String id) {
        return JmxRefusal.explained(
                () -> evacuations
                        .migrations(evacuations
                                .evacuation(Migrations.parse("id", id))
                                .id())
                        .stream()
                        .map(MigrationView::of)
                        .toList());
    }

    @Override
    public String pause(String id) {
        return state(() -> verbs.pause(Migrations.parse("id", id), Migrations.BY));
    }

    @Override
    public String resume(String id) {
        return state(() -> verbs.resume(Migrations.parse("id", id), Migrations.BY));
    }

    @Override
    public String cancel(String id) {
        return state(() -> verbs.cancel(Migrations.parse("id", id), Migrations.BY));
    }

    @Override
    public String giveBack(String id) {
        return id(() -> verbs.giveBack(Migrations.parse("id", id), Migrations.BY));
    }

    @Override
    public String forceClose(String id, String reason) {
        return state(() -> verbs.forceClose(Migrations.parse("id", id), reason, Migrations.BY));
    }

    @Override
    public List<String> audit(String id) {
        return JmxRefusal.explained(() -> Migrations.lines(evacuations.audit(Migrations.parse("id", id))));
    }

    @Override
    public List<String> getAlerts() {
        return alerts.list().stream()
                .map(alert -> alert.since() + " " + (alert.domain() == null ? alert.host() : alert.domain()) + ": "
                        + alert.reason().message() + " [" + alert.reason().code() + "] " + alert.remedy()
                        + (alert.acknowledgeable() ? " Its migration: " + alert.migration() : ""))
                .toList();
    }

    private static String id(Supplier<Evacuation> call) {
        return JmxRefusal.explained(() -> call.get().id().toString());
    }

    private static String state(Supplier<Evacuation> call) {
        return JmxRefusal.explained(() -> call.get().state().name());
    }
}
