package dev.drover.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.lab.Lab;
import dev.drover.lab.LifecycleEvent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What the hosts and the guests of the lab say of themselves, asked past Drover: where each guest is, whether its memory is
 * whole, and by libvirt's own record of events how often it has arrived somewhere. Records from its making on.
 */
final class Witness implements AutoCloseable {

    private static final String PREPARED = "Started Migrated";
    private static final String ARRIVED = "Resumed Migrated";

    private record Guest(UUID uuid, String source) {}

    private final Lab lab;
    private final Map<String, Lab.EventLog> logs = new TreeMap<>();
    private final Map<String, Guest> guests = new TreeMap<>();

    Witness(Lab lab, List<String> hosts) throws IOException {
        this.lab = lab;
        for (String host : hosts) {
            logs.put(host, lab.watch(host));
        }
    }

    /** Takes down a guest that is to move. @param source where it is now */
    void expect(String source, String guest) throws IOException, InterruptedException {
        guests.put(guest, new Guest(lab.uuid(source, guest), source));
    }

    /** Where each guest is now: on one host, running, and nothing is left of it on any other; its memory is whole. */
    Map<String, String> places() throws IOException, InterruptedException {
        Map<String, String> places = new TreeMap<>();
        for (Map.Entry<String, Guest> guest : guests.entrySet()) {
            Map<String, String> copies = lab.copies(guest.getValue().uuid());
            assertEquals(1, copies.size(), () -> guest.getKey() + " is on " + copies);
            assertEquals(List.of("running"), List.copyOf(copies.values()), () -> guest.getKey() + " is " + copies);
            places.put(guest.getKey(), copies.keySet().iterator().next());
        }
        GuestsOwnWord.allAreWhole(lab, guests.keySet());
        return places;
    }

    /** Every guest has arrived once in all, and never where it came from. */
    void eachArrivedOnce() throws IOException {
        for (Map.Entry<String, Guest> guest : guests.entrySet()) {
            List<String> arrivals = new ArrayList<>();
            for (String host : logs.keySet()) {
                // a source that goes on after a broken try says "resumed migrated" as well
                String arrival = host.equals(guest.getValue().source()) ? PREPARED : ARRIVED;
                log(host).of(guest.getKey()).stream()
                        .filter(event -> event.what().equals(arrival))
                        .forEach(event -> arrivals.add(host + " " + event));
            }
            assertEquals(1, arrivals.size(), () -> guest.getKey() + " has arrived: " + arrivals);
        }
    }

    private Lab.EventLog log(String host) {
        return Objects.requireNonNull(logs.get(host));
    }

    /** What the audit trail says of a guest's migrations: when each try began, and when its move was complete. */
    record Tries(List<Instant> begun, Optional<Instant> completed) {}

    /**
     * How much of the time between those moments no guest was on its way. A guest is on its way from the beginning of a try
     * to the end of the move when the hosts say that it arrived in that time; else only as long as they say so: from its
     * preparation on the destination to the end of that copy, or to an arrival before.
     *
     * @param trail of the guests
     */
    Duration nothingMoved(Instant from, Instant to, Map<String, Tries> trail) throws IOException {
        List<Move> moves = new ArrayList<>();
        for (Map.Entry<String, Tries> guest : trail.entrySet()) {
            for (String host : logs.keySet()) {
                for (Move seen : moves(log(host).of(guest.getKey()), to)) {
                    moves.add(seen.arrived() && seen.ended().isAfter(from) ? seen.whole(guest.getValue()) : seen);
                }
            }
        }
        moves.sort(Comparator.comparing(Move::began));
        Duration still = Duration.ZERO;
        Instant reached = from;
        for (Move move : moves) {
            Instant began = move.began().isBefore(to) ? move.began() : to;
            if (began.isAfter(reached)) {
                still = still.plus(Duration.between(reached, began));
            }
            reached = move.ended().isAfter(reached) ? move.ended() : reached;
        }
        return reached.isBefore(to) ? still.plus(Duration.between(reached, to)) : still;
    }

    private record Move(Instant began, Instant ended, boolean arrived) {

        Move whole(Tries tries) {
            Instant first = tries.begun().stream()
                    .filter(each -> !each.isAfter(began))
                    .max(Comparator.naturalOrder())
                    .orElse(began);
            return new Move(
                    first, tries.completed().filter(each -> each.isAfter(ended)).orElse(ended), true);
        }
    }

    private static List<Move> moves(List<LifecycleEvent> onOneHost, Instant to) {
        List<Move> moves = new ArrayList<>();
        Optional<Instant> prepared = Optional.empty();
        for (LifecycleEvent event : onOneHost) {
            boolean arrives = event.what().equals(ARRIVED);
            if (event.what().equals(PREPARED)) {
                prepared = Optional.of(event.at());
            } else if (prepared.isPresent() && (arrives || event.what().startsWith("Stopped"))) {
                moves.add(new Move(prepared.get(), event.at(), arrives));
                prepared = Optional.empty();
            }
        }
        prepared.ifPresent(began -> moves.add(new Move(began, to, false)));
        return moves;
    }

    @Override
    public void close() {
        logs.values().forEach(Lab.EventLog::close);
    }
}
