package dev.drover.chaos;

import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.driver.simulated.SimulatedFaults;
import dev.drover.driver.simulated.SimulatedFleet;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.time.VirtualTimers;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** Everything in a run that outlives a controller: time, hosts, journal, chance, and what was found wrong. */
final class World {

    /** What becomes of an event on its way. */
    enum EventFate {
        ARRIVES,
        IS_LOST,
        COMES_TWICE,
        COMES_LATE
    }

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int PERCENT = 100;

    private final Script script;
    private final Mutation mutation;
    private final VirtualTimers time = new VirtualTimers(START);
    private final Random random;
    private final Trace trace = new Trace(time.clock());
    private final Steps steps = new Steps(trace, this::struck);
    private final SimulatedFleet fleet;
    private final Ledger ledger;
    private final Guests guests;
    private final Changes changes;
    private final List<String> violations = new ArrayList<>();
    private Duration clockError = Duration.ZERO;
    private int answersToLose;
    private int strikes;

    World(Script script, Mutation mutation) {
        this.script = script;
        this.mutation = mutation;
        this.random = new Random(~script.seed());
        this.fleet = new SimulatedFleet(time, script.hosts(), script.guests());
        this.ledger = new Ledger(time, trace, this::struck);
        this.guests = new Guests(this);
        this.changes = new Changes(this);
        fleet.observe(guests);
    }

    Script script() {
        return script;
    }

    /** What is wrong with the controllers, so that the checks can show that they see it. */
    Mutation mutation() {
        return mutation;
    }

    VirtualTimers time() {
        return time;
    }

    Duration now() {
        return Duration.between(START, time.clock().instant());
    }

    Random random() {
        return random;
    }

    Trace trace() {
        return trace;
    }

    Steps steps() {
        return steps;
    }

    SimulatedFleet fleet() {
        return fleet;
    }

    SimulatedFaults faults() {
        return fleet.faults();
    }

    Ledger ledger() {
        return ledger;
    }

    Guests guests() {
        return guests;
    }

    Changes changes() {
        return changes;
    }

    Duration clockError() {
        return clockError;
    }

    void setClock(Duration by) {
        clockError = clockError.plus(by);
    }

    MigrationMode mode() {
        return script.mode();
    }

    void loseNextAnswer() {
        answersToLose++;
    }

    boolean losesAnswer() {
        if (answersToLose == 0) {
            return false;
        }
        answersToLose--;
        struck();
        return true;
    }

    EventFate eventFate() {
        if (script.eventTrouble() == 0 || random.nextInt(PERCENT) >= script.eventTrouble()) {
            return EventFate.ARRIVES;
        }
        EventFate[] fates = EventFate.values();
        return fates[1 + random.nextInt(fates.length - 1)];
    }

    String nameOf(UUID guest) {
        return script.guests().stream()
                .filter(known -> known.uuid().equals(guest))
                .map(SimulatedDomain::name)
                .findFirst()
                .orElse("?");
    }

    /** A fault or a death has hit something while the evacuation was not over. */
    void struck() {
        boolean over = !ledger.evacuations().isEmpty()
                && ledger.evacuations().stream()
                        .allMatch(evacuation -> evacuation.state().isFinal());
        if (!over) {
            strikes++;
        }
    }

    int strikes() {
        return strikes;
    }

    void violated(String rule) {
        trace.add("VIOLATION " + rule);
        violations.add(rule);
    }

    void violated(String rule, Throwable cause) {
        var text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text, true));
        trace.add("VIOLATION " + rule);
        violations.add(rule + "\n" + text);
    }

    List<String> violations() {
        return List.copyOf(violations);
    }
}
