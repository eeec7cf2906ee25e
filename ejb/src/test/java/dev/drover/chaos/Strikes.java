package dev.drover.chaos;

import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.evacuation.EvacuationState;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/** Carries out the script. */
final class Strikes {

    private static final Duration ASKS_AGAIN = Duration.ofSeconds(5);

    private final World world;
    private final Controllers controllers;

    Strikes(World world, Controllers controllers) {
        this.world = world;
        this.controllers = controllers;
    }

    void plan() {
        world.script().faults().forEach(timed -> world.time().after(timed.at(), () -> {
            world.trace().add("fault: " + timed.fault());
            if (strikesAtOnce(timed.fault())) {
                world.struck();
            }
            strike(timed.fault());
        }));
    }

    // the others count when they hit something, and what an operator asks for is no fault
    private static boolean strikesAtOnce(Fault fault) {
        return fault instanceof Fault.KillController
                || fault instanceof Fault.SecondController
                || fault instanceof Fault.DropConnections
                || fault instanceof Fault.KillDaemon
                || fault instanceof Fault.TerminateDaemon
                || fault instanceof Fault.HangDaemon
                || fault instanceof Fault.CutLink
                || fault instanceof Fault.FillMemory
                || fault instanceof Fault.JournalDown
                || fault instanceof Fault.ClockJump;
    }

    private void strike(Fault fault) {
        if (fault instanceof Fault.KillController) {
            controllers.current().life().die();
        } else if (fault instanceof Fault.KillAtStep kill) {
            world.steps().killAt(world.steps().count() + kill.steps());
        } else if (fault instanceof Fault.SecondController second) {
            controllers.startSecond(second.lives());
        } else if (fault instanceof Fault.JournalDown down) {
            world.ledger().down(true);
            later(down.outage(), () -> world.ledger().down(false));
        } else if (fault instanceof Fault.JournalAnswerLost) {
            world.ledger().loseNextAnswer();
        } else if (fault instanceof Fault.HostAnswerLost) {
            world.loseNextAnswer();
        } else if (fault instanceof Fault.ClockJump jump) {
            world.setClock(jump.by());
        } else if (fault instanceof Fault.OperatorPauses pause) {
            controllers.current().pause();
            later(pause.pause(), this::resume);
        } else if (fault instanceof Fault.OperatorCancels) {
            controllers.current().cancel();
        } else {
            strikeHosts(fault);
        }
    }

    private void strikeHosts(Fault fault) {
        if (fault instanceof Fault.DropConnections drop) {
            world.faults().dropConnections(drop.host());
        } else if (fault instanceof Fault.KillDaemon kill) {
            world.faults().killDaemon(kill.host());
            restore(kill.host(), kill.outage());
        } else if (fault instanceof Fault.TerminateDaemon term) {
            world.faults().terminateDaemon(term.host());
            restore(term.host(), term.outage());
        } else if (fault instanceof Fault.HangDaemon hang) {
            world.faults().hangDaemon(hang.host());
            restore(hang.host(), hang.outage());
        } else if (fault instanceof Fault.CutLink cut) {
            world.faults().cutLink(cut.host());
            later(cut.outage(), () -> world.faults().mendLink(cut.host()));
        } else if (fault instanceof Fault.FillMemory full) {
            world.faults().fillMemory(full.host(), true);
            later(full.outage(), () -> world.faults().fillMemory(full.host(), false));
        } else if (fault instanceof Fault.KillQemu kill) {
            killQemu(guest(kill.guest()), kill.arriving());
        } else if (fault instanceof Fault.UserSuspends suspend) {
            UUID guest = guest(suspend.guest());
            world.guests().running(guest).stream().findFirst().ifPresent(host -> {
                world.struck();
                world.faults().suspend(host, guest);
            });
        } else if (fault instanceof Fault.SwitchToPostCopy change) {
            world.faults().switchToPostCopy(Script.SOURCE, guest(change.guest()));
        } else if (fault instanceof Fault.BreakPostCopy broken) {
            if (world.faults().breakPostCopy(Script.SOURCE, guest(broken.guest()))) {
                world.struck();
            }
        } else if (fault instanceof Fault.UserDestroys destroy) {
            killQemu(guest(destroy.guest()), false);
        } else if (fault instanceof Fault.UserStarts start) {
            start(guest(start.guest()));
        }
    }

    // an operator who gets no answer asks again
    private void resume() {
        controllers.current().resume();
        boolean paused = world.ledger().evacuations().stream()
                .anyMatch(evacuation -> evacuation.state() == EvacuationState.PAUSED);
        if (paused) {
            world.time().after(ASKS_AGAIN, this::resume);
        }
    }

    private void restore(String host, Duration outage) {
        later(outage, () -> world.faults().restoreDaemon(host));
    }

    private void later(Duration outage, Runnable healing) {
        if (outage.compareTo(Script.FOR_EVER) < 0) {
            world.time().after(outage, () -> {
                world.trace().add("healed");
                healing.run();
            });
        }
    }

    private UUID guest(int number) {
        return world.script().guests().get(number).uuid();
    }

    private void killQemu(UUID guest, boolean arriving) {
        Optional<SimulatedDomain> victim = arriving ? arriving(guest) : living(guest);
        victim.ifPresent(copy -> {
            world.struck();
            if (!arriving) {
                world.guests().endedByFault(guest);
            }
            world.faults().killQemu(copy.host(), guest);
        });
    }

    /** The copy whose death is the guest's: the one that runs, else the one that was the last to. */
    private Optional<SimulatedDomain> living(UUID guest) {
        return world.guests().hosts(guest).values().stream()
                .filter(copy -> copy.status().isActive())
                .min(Comparator.comparing(
                                (SimulatedDomain copy) -> !copy.status().isRunning())
                        .thenComparing(copy -> !copy.host().equals(Script.SOURCE)));
    }

    private Optional<SimulatedDomain> arriving(UUID guest) {
        return world.guests().active(guest).size() < 2
                ? Optional.empty()
                : world.guests().hosts(guest).values().stream()
                        .filter(copy -> copy.status().isPausedForMigration()
                                && !copy.host().equals(Script.SOURCE))
                        .findFirst();
    }

    private void start(UUID guest) {
        if (world.guests().active(guest).isEmpty()) {
            world.guests().hosts(guest).keySet().stream().findFirst().ifPresent(host -> world.faults()
                    .start(host, guest));
        }
    }
}
