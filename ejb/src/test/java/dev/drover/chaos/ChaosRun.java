package dev.drover.chaos;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** One run of one script, from the operator's wish to the last check. */
final class ChaosRun {

    /** After the last fault has healed, the evacuation must have ended within this time. */
    static final Duration BOUND = Duration.ofMinutes(20);

    private static final Duration STEP = Duration.ofSeconds(1);
    // late deeds of somebody who should be dead, or should have stopped, would come in this time
    private static final Duration AFTERMATH = Duration.ofSeconds(120);

    private final World world;
    private final Controllers controllers;

    private ChaosRun(Script script, Mutation mutation) {
        this.world = new World(script, mutation);
        this.controllers = new Controllers(world);
    }

    /**
     * What came of it.
     *
     * @param violations empty for a good run
     * @param strikes how many faults and deaths hit something before the evacuation was over
     * @param hash the same for runs that did the same
     */
    record Outcome(Script script, List<String> violations, int strikes, long hash, Duration took, List<String> trace) {

        boolean isGood() {
            return violations.isEmpty();
        }

        String report() {
            return "replay with -Ddrover.chaos.seed=" + script.seed() + "\n" + script.text() + "\nviolations:\n  "
                    + String.join("\n  ", violations) + "\ntrace " + Long.toHexString(hash) + ":\n  "
                    + trace.stream().collect(Collectors.joining("\n  "));
        }
    }

    static Outcome of(Script script) {
        return of(script, Mutation.NONE);
    }

    /** With controllers that are wrong on purpose. */
    static Outcome of(Script script, Mutation mutation) {
        return new ChaosRun(script, mutation).run();
    }

    private Outcome run() {
        new Strikes(world, controllers).plan();
        Duration healed = world.script().healed();
        boolean settled = false;
        while (!settled && world.now().compareTo(healed.plus(BOUND)) < 0) {
            world.time().advance(STEP);
            settled = world.now().compareTo(healed) > 0 && isSettled();
        }
        Duration took = world.now();
        world.time().advance(AFTERMATH);
        new Verdict(world, controllers).check();
        describe();
        return new Outcome(
                world.script(),
                world.violations(),
                world.strikes(),
                world.trace().hash(),
                took,
                world.trace().latest());
    }

    private void describe() {
        world.ledger().evacuations().forEach(evacuation -> world.trace()
                .add("at the end: evacuation " + evacuation.state()));
        world.ledger().migrations().forEach(row -> world.trace()
                .add("at the end: " + row.domainName() + " to " + row.route().destination() + " " + row.state()
                        + (row.failure() == null ? "" : " " + row.failure().message())));
        world.script().guests().forEach(guest -> world.trace()
                .add("at the end: " + guest.name() + " "
                        + world.guests().hosts(guest.uuid()).values().stream()
                                .map(copy -> copy.host() + " " + copy.status())
                                .toList()));
        controllers.current().alerts().list().forEach(alert -> world.trace()
                .add("at the end: alert " + alert.reason().code() + " of " + alert.domain()));
    }

    private boolean isSettled() {
        return !world.ledger().evacuations().isEmpty()
                && controllers.current().life().isAlive()
                && world.ledger().evacuations().stream()
                        .allMatch(evacuation -> evacuation.state().isFinal());
    }
}
