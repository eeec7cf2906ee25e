package dev.drover.chaos;

import dev.drover.driver.simulated.SimulatedDomain;
import dev.drover.driver.simulated.SimulatedHost;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.model.DomainState;
import dev.drover.model.DomainStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A run before it happens: hosts, guests, and what goes wrong when. The same seed writes the same script.
 *
 * @param postCopy whether migrations permit post-copy
 * @param eventTrouble share of events, in percent, that are lost, late or doubled
 */
record Script(
        long seed,
        MigrationMode mode,
        int eventTrouble,
        boolean postCopy,
        List<SimulatedHost> hosts,
        List<SimulatedDomain> guests,
        List<Timed> faults) {

    /** A fault with its moment. */
    record Timed(Duration at, Fault fault) {}

    static final String SOURCE = "h1";
    static final Duration FOR_EVER = Duration.ofDays(365);

    private static final double MIB = 1024.0 * 1024.0;
    private static final long HOST_MIB = 16 * 1024L;
    private static final int WINDOW_MS = 12_000;
    private static final int MOST_STEPS = 300;

    static Script of(long seed) {
        return new Writer(new Random(seed)).write(seed);
    }

    /** When the last fault has struck and healed; those that never heal left aside. */
    Duration healed() {
        return faults.stream()
                .map(timed -> timed.at().plus(outage(timed.fault())))
                .filter(end -> end.compareTo(FOR_EVER) < 0)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** Hosts that stay away for ever. */
    Set<String> lostHosts() {
        return faults.stream()
                .map(Timed::fault)
                .filter(fault -> outage(fault).equals(FOR_EVER))
                .flatMap(fault -> host(fault).stream())
                .collect(Collectors.toSet());
    }

    /** Whether that host's daemon or link is struck at any time. */
    boolean troubles(String host) {
        return faults.stream()
                .map(Timed::fault)
                .flatMap(fault -> host(fault).stream())
                .anyMatch(host::equals);
    }

    private static Optional<String> host(Fault fault) {
        if (fault instanceof Fault.KillDaemon kill) {
            return Optional.of(kill.host());
        } else if (fault instanceof Fault.TerminateDaemon term) {
            return Optional.of(term.host());
        } else if (fault instanceof Fault.HangDaemon hang) {
            return Optional.of(hang.host());
        } else if (fault instanceof Fault.CutLink cut) {
            return Optional.of(cut.host());
        }
        return Optional.empty();
    }

    private static Duration outage(Fault fault) {
        if (fault instanceof Fault.KillDaemon kill) {
            return kill.outage();
        } else if (fault instanceof Fault.TerminateDaemon term) {
            return term.outage();
        } else if (fault instanceof Fault.HangDaemon hang) {
            return hang.outage();
        } else if (fault instanceof Fault.CutLink cut) {
            return cut.outage();
        } else if (fault instanceof Fault.FillMemory full) {
            return full.outage();
        } else if (fault instanceof Fault.JournalDown down) {
            return down.outage();
        } else if (fault instanceof Fault.SecondController second) {
            return second.lives();
        } else if (fault instanceof Fault.OperatorPauses pause) {
            return pause.pause();
        }
        return Duration.ZERO;
    }

    String text() {
        return "seed " + seed + ", " + mode + ", " + eventTrouble + " % of events go wrong"
                + (postCopy ? ", post-copy permitted" : "") + "\n"
                + guests.stream()
                        .map(guest -> "  " + guest.name() + " on " + guest.host() + ", " + guest.memoryMiB() + " MiB, "
                                + (guest.persistent() ? "persistent" : "transient") + ", "
                                + guest.status().state())
                        .collect(Collectors.joining("\n"))
                + "\n"
                + faults.stream()
                        .map(timed -> "  at " + timed.at().toMillis() + " ms: " + timed.fault())
                        .collect(Collectors.joining("\n"));
    }

    /** Draws a script. */
    private record Writer(Random random) {

        Script write(long seed) {
            MigrationMode mode = random.nextInt(100) < 65 ? MigrationMode.PEER_TO_PEER : MigrationMode.MANAGED;
            int trouble = random.nextInt(3) == 0 ? 10 + random.nextInt(60) : 0;
            boolean postCopy = random.nextInt(4) == 0;
            int hosts = 3 + random.nextInt(2);
            List<SimulatedHost> all = new ArrayList<>();
            for (int i = 1; i <= hosts; i++) {
                all.add(new SimulatedHost("h" + i, 16, HOST_MIB, 400 * MIB));
            }
            List<SimulatedDomain> guests = new ArrayList<>();
            int many = 2 + random.nextInt(5);
            for (int i = 0; i < many; i++) {
                guests.add(guest(i, SOURCE));
            }
            guests.add(guest(many, "h2"));
            List<Timed> faults = new ArrayList<>();
            int much = 1 + random.nextInt(4);
            if (postCopy) {
                faults.add(new Timed(
                        Duration.ofMillis(random.nextInt(WINDOW_MS / 2)),
                        new Fault.SwitchToPostCopy(random.nextInt(many))));
                // the switch itself is over in a moment
                if (random.nextBoolean()) {
                    Duration soon = faults.get(0).at().plusMillis(random.nextInt(400));
                    faults.add(new Timed(soon, new Fault.KillController()));
                }
            }
            for (int i = 0; i < much; i++) {
                // the first one early, while there is something to hit
                int within = i == 0 ? WINDOW_MS / 3 : WINDOW_MS;
                faults.add(new Timed(Duration.ofMillis(random.nextInt(within)), fault(hosts, many)));
            }
            if (postCopy) {
                breakIt(faults);
            }
            faults.sort(Comparator.comparing(Timed::at));
            return new Script(seed, mode, trouble, postCopy, all, guests, List.copyOf(faults));
        }

        // up to three times: what has been recovered may break once more
        private void breakIt(List<Timed> faults) {
            Timed first = faults.get(0);
            int guest = ((Fault.SwitchToPostCopy) first.fault()).guest();
            Duration at = first.at();
            for (int i = random.nextInt(4); i > 0; i--) {
                at = at.plusMillis(random.nextInt(4000));
                faults.add(new Timed(at, new Fault.BreakPostCopy(guest)));
            }
        }

        private SimulatedDomain guest(int number, String host) {
            boolean paused = random.nextInt(12) == 0;
            long memory = 256L << random.nextInt(4);
            return new SimulatedDomain(
                    UUID.nameUUIDFromBytes(("guest " + number).getBytes(StandardCharsets.UTF_8)),
                    "guest-" + number,
                    host,
                    paused ? new DomainStatus(DomainState.PAUSED, DomainStatus.PAUSED_USER) : DomainStatus.running(),
                    memory,
                    1,
                    random.nextInt(40) * MIB,
                    memory * MIB / 8,
                    random.nextBoolean());
        }

        private Fault fault(int hosts, int guests) {
            String host = "h" + (1 + random.nextInt(hosts));
            int guest = random.nextInt(guests);
            int kind = random.nextInt(100);
            if (kind < 14) {
                return new Fault.KillController();
            } else if (kind < 40) {
                return new Fault.KillAtStep(1 + random.nextInt(MOST_STEPS));
            } else if (kind < 43) {
                return new Fault.SecondController(Duration.ofSeconds(5 + random.nextInt(60)));
            } else if (kind < 48) {
                return new Fault.DropConnections(host);
            } else if (kind < 54) {
                return new Fault.KillDaemon(host, outage());
            } else if (kind < 59) {
                return new Fault.TerminateDaemon(host, outage());
            } else if (kind < 64) {
                return new Fault.HangDaemon(host, outage());
            } else if (kind < 71) {
                return new Fault.CutLink(host, outage());
            } else if (kind < 74) {
                return new Fault.FillMemory(host, Duration.ofSeconds(1 + random.nextInt(60)));
            } else if (kind < 78) {
                return new Fault.KillQemu(guest, random.nextBoolean());
            } else if (kind < 82) {
                return new Fault.JournalDown(Duration.ofSeconds(1 + random.nextInt(60)));
            } else if (kind < 85) {
                return new Fault.JournalAnswerLost();
            } else if (kind < 88) {
                return new Fault.HostAnswerLost();
            } else if (kind < 90) {
                return new Fault.ClockJump(Duration.ofSeconds(random.nextInt(7200) - 3600));
            } else if (kind < 92) {
                return new Fault.UserSuspends(guest);
            } else if (kind < 93) {
                return new Fault.UserDestroys(guest);
            } else if (kind < 94) {
                return new Fault.UserStarts(guest);
            } else if (kind < 97) {
                return new Fault.OperatorPauses(Duration.ofSeconds(1 + random.nextInt(60)));
            }
            return new Fault.OperatorCancels();
        }

        private Duration outage() {
            int kind = random.nextInt(20);
            if (kind == 0) {
                return FOR_EVER;
            }
            return Duration.ofMillis(kind < 10 ? 100 + random.nextInt(3000) : 3000 + random.nextInt(60_000));
        }
    }
}
