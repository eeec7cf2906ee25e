package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static dev.drover.it.DroverServer.migrations;
import static dev.drover.it.DroverServer.moved;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.MigrationMode;
import dev.drover.lab.Lab;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The server is killed (SIGKILL) in the middle of evacuations of real QEMU guests, started again, and then left alone: each
 * evacuation has to end by itself, with every guest moved once and whole, as the hosts themselves say.
 *
 * <p>{@code -Ddrover.crash=all} kills it in each phase of both modes on both databases, where the usual build takes some,
 * a regular expression, as {@code MANAGED.*}, in those that it matches;
 * {@code -Ddrover.crash.seeds=N} says for how many seeds it is killed at random moments, twice each, {@code
 * -Ddrover.crash.seed=S} takes that one again: mode and moments come back exactly, what the guests do then as far as real
 * machines allow.
 *
 * <p>What the restart adds is the time from the moment when the server answers to the end of the evacuation during which
 * no guest was on its way ({@link Witness#nothingMoved}): finding out, mending, waiting for a turn, the look at the host.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashLabIT {

    private static final int OFFSET = Integer.getInteger("it.offset", 300);
    private static final String WANTED = System.getProperty("drover.crash", "");
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration RESTART_ADDS_AT_MOST = Duration.ofSeconds(5);
    private static final List<String> HOSTS = List.of("h1", "h2", "h3");
    private static final String ALONE = "alone";
    // four move at a time: two are left that had not begun
    private static final int GUESTS = 6;
    private static final int FILL_MIB = 16;
    private static final int MIB = 1 << 20;
    // four guests take half a minute: longer than the server needs to come back
    private static final String SLOW = "16mbit";
    private static final int LONGEST_MOMENT_MS = 24_000;

    private record Crash(MigrationMode mode, CrashPhase phase) {

        @Override
        public String toString() {
            return mode + " " + phase;
        }
    }

    private enum Database {
        H2,
        POSTGRESQL
    }

    private volatile Trap trap = Trap.none();
    private ProxiedHosts proxied;
    private Lab lab;
    private DroverServer server;
    private @Nullable Postgres postgres;
    private Database database = Database.H2;
    private @Nullable MigrationMode mode;

    static Stream<Crash> onH2() {
        return chosen(new Crash(MigrationMode.PEER_TO_PEER, CrashPhase.BETWEEN_PERFORM_AND_FINISH));
    }

    static Stream<Crash> onPostgres() {
        return chosen(new Crash(MigrationMode.MANAGED, CrashPhase.BETWEEN_FINISH_AND_CONFIRM));
    }

    private static Stream<Crash> chosen(Crash... usual) {
        return WANTED.isEmpty()
                ? Stream.of(usual)
                : Arrays.stream(MigrationMode.values())
                        .flatMap(mode -> Arrays.stream(CrashPhase.values()).map(phase -> new Crash(mode, phase)))
                        .filter(crash ->
                                WANTED.equals("all") || crash.toString().matches(WANTED));
    }

    static LongStream seeds() {
        Long one = Long.getLong("drover.crash.seed");
        long first = System.currentTimeMillis();
        return one == null
                ? LongStream.range(first, first + Integer.getInteger("drover.crash.seeds", 1))
                : LongStream.of(one);
    }

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        server = new DroverServer();
        lab = Lab.up(HOSTS.size());
        proxied = new ProxiedHosts(HOSTS, () -> trap);
    }

    /** Sees to it that a server runs with that database and mode. */
    private void serve(Database wanted, MigrationMode by) throws IOException, InterruptedException {
        if (database != wanted) {
            server.stop();
            if (wanted == Database.POSTGRESQL && postgres == null) {
                postgres = Postgres.start(Path.of("target/postgres-crash"), 15452 + OFFSET);
            }
            server = postgres != null && wanted == Database.POSTGRESQL
                    ? new DroverServer(0, postgres.environment())
                    : new DroverServer();
            database = wanted;
            mode = null;
        }
        if (mode != by) {
            start(by);
        }
    }

    private void start(MigrationMode by) throws IOException, InterruptedException {
        server.start(proxied.seed(), settings(by));
        mode = by;
    }

    private static Map<String, String> settings(MigrationMode by) {
        return Map.of("JAVA_OPTS", "-Ddrover.migration.mode=" + by + " -Ddrover.migration.managed-post-copy=held");
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        trap.release();
        trap = Trap.none();
        lab.rate("off");
        if (mode != null) {
            if (!server.rest().isReady()) {
                start(mode);
            }
            server.cancelAll();
        }
        lab.clear();
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        try {
            server.stop();
        } finally {
            if (postgres != null) {
                postgres.close();
            }
            proxied.close();
            lab.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("onH2")
    void serverIsKilledInThatPhase(Crash crash) throws IOException, InterruptedException {
        serve(Database.H2, crash.mode());
        crash(crash);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("onPostgres")
    @Tag("postgresql")
    void serverIsKilledInThatPhaseOnPostgresql(Crash crash) throws IOException, InterruptedException {
        serve(Database.POSTGRESQL, crash.mode());
        crash(crash);
    }

    @ParameterizedTest(name = "-Ddrover.crash.seed={0}")
    @MethodSource("seeds")
    void serverIsKilledAtRandomMomentsThenWhileItComesBack(long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        // not by a random bit: the first one of seeds that follow each other is nearly always the same
        MigrationMode by = seed % 2 == 0 ? MigrationMode.MANAGED : MigrationMode.PEER_TO_PEER;
        int first = random.nextInt(LONGEST_MOMENT_MS);
        // its script needs a moment to become a server that can be killed
        int second = random.nextInt(3_000, LONGEST_MOMENT_MS);
        String what = "%s after %d ms and %d ms after the next start, -Ddrover.crash.seed=%d"
                .formatted(by, first, second, seed);
        System.out.println("crash: " + what);
        serve(Database.H2, by);
        try (Witness witness = new Witness(lab, HOSTS)) {
            guests(witness, GUESTS);
            lab.rate(SLOW);
            String id = server.evacuate("h1");
            // the moments themselves are what is tried
            Thread.sleep(first);
            int before = moved(server.evacuation(id));
            server.kill();
            server.launch(proxied.seed(), settings(by));
            Thread.sleep(second);
            goOn(what + ": " + before, witness, id, Optional.empty());
        }
    }

    private void crash(Crash crash) throws IOException, InterruptedException {
        String what = database + " " + crash;
        try (Witness witness = new Witness(lab, HOSTS)) {
            List<String> guests = guests(witness, GUESTS);
            lab.rate(SLOW);
            String[] evacuation = {""};
            trap = crash.phase()
                    .trap(crash.mode(), () -> !evacuation[0].isEmpty() && allMoved(evacuation[0], guests.size()));
            if (crash.phase() == CrashPhase.VERIFY) {
                lab.rate("off");
            }
            String id = server.evacuate("h1");
            evacuation[0] = id;
            Optional<String> alone = crash.phase() == CrashPhase.POST_COPY_SWITCH
                    ? Optional.of(switchToPostCopy(witness))
                    : Optional.empty();
            trap.await(PATIENCE);
            if (crash.phase() == CrashPhase.PERFORM_LATE) {
                await("most of a guest is sent", () -> guests.stream().anyMatch(this::isMostlySent));
            }
            JsonObject now = server.evacuation(id);
            assertFalse(DroverServer.ENDS.contains(now.getString("state")), "the moment was missed");
            goOn(what + ": " + moved(now), witness, id, alone);
        }
    }

    private boolean allMoved(String id, int guests) {
        try {
            return moved(server.evacuation(id)) == guests;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isMostlySent(String guest) {
        try {
            // not what remains: behind what is filled lie empty pages, which go all at once at the end
            return lab.copiedBytes("h1", guest)
                    .filter(copied -> copied > FILL_MIB * MIB / 4 * 3)
                    .isPresent();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private List<String> guests(Witness witness, int count) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            lab.startFilled("h1", "c" + i, FILL_MIB);
            witness.expect("h1", "c" + i);
            names.add("c" + i);
        }
        return names;
    }

    /** Moves a guest for itself beside the evacuation, which never asks for post-copy. @return its migration */
    private String switchToPostCopy(Witness witness) throws IOException, InterruptedException {
        lab.startFilled("h2", ALONE, FILL_MIB);
        witness.expect("h2", ALONE);
        String path = "migrations/"
                + server.rest()
                        .post(
                                "migrations",
                                "{\"source\":\"h2\",\"domain\":\"" + ALONE
                                        + "\",\"destination\":\"h3\",\"flags\":[\"LIVE\",\"POSTCOPY\"]}")
                        .getString("id");
        await(
                "its memory is being sent",
                () -> lab.remainingBytes("h2", ALONE).filter(left -> left > 0).isPresent());
        Thread asking = new Thread(() -> {
            try {
                server.rest().send("POST", path + "/post-copy", "");
            } catch (IOException e) {
                // the server is killed before it can answer
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        asking.start();
        return path;
    }

    /**
     * Kills it, starts it again and looks at what comes of it.
     *
     * @param alone path of a migration that belongs to no evacuation
     */
    private void goOn(String what, Witness witness, String id, Optional<String> alone)
            throws IOException, InterruptedException {
        server.kill();
        Instant killed = Instant.now();
        start(Objects.requireNonNull(mode));
        Instant ready = Instant.now();
        if (trap.isHolding()) {
            await("what stood still is found again", () -> steps(id).stream()
                    .anyMatch(step -> step.getString("what").equals("ADOPT")));
        }
        trap.release();
        lab.rate("off");
        JsonObject end = server.ended(id);

        assertEquals("COMPLETED", end.getString("state"), end::toString);
        Instant finished = Instant.parse(end.getString("finishedAt"));
        Map<String, String> reported = reported(end);
        if (alone.isPresent()) {
            await("the one beside it has moved", () -> server.rest()
                    .get(alone.get())
                    .asJsonObject()
                    .getString("state")
                    .equals("COMPLETED"));
            reported.put(ALONE, "h3");
        }
        assertEquals(witness.places(), reported);
        await("no copy is held any more", () -> !server.holdsCopies());
        witness.eachArrivedOnce();
        historyShowsOne(end);
        Duration added = witness.nothingMoved(ready, finished, trail(end));
        System.out.printf(
                "crash: %s of %d moved before, %.1f s to boot, ended %.1f s later, of which the restart added %.1f s%n",
                what,
                reported.size(),
                seconds(Duration.between(killed, ready)),
                seconds(Duration.between(ready, finished)),
                seconds(added));
        assertTrue(added.compareTo(RESTART_ADDS_AT_MOST) <= 0, () -> "the restart added " + added);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Map<String, String> reported(JsonObject evacuation) {
        Map<String, String> places = new TreeMap<>();
        for (JsonObject row : migrations(evacuation)) {
            assertEquals("COMPLETED", row.getString("state"), row::toString);
            places.merge(row.getString("domain"), row.getString("destination"), (a, b) -> a + " and " + b);
        }
        return places;
    }

    private Map<String, Witness.Tries> trail(JsonObject evacuation) throws IOException, InterruptedException {
        List<JsonObject> steps = steps(evacuation.getString("id"));
        Map<String, Witness.Tries> trail = new TreeMap<>();
        for (JsonObject row : migrations(evacuation)) {
            trail.put(
                    row.getString("domain"),
                    new Witness.Tries(
                            times(steps, row.getString("id"), "BEGIN"),
                            times(steps, row.getString("id"), "COMPLETE").stream()
                                    .findFirst()));
        }
        return trail;
    }

    private static List<Instant> times(List<JsonObject> steps, String migration, String what) {
        return steps.stream()
                .filter(step -> step.getString("migration", "").equals(migration)
                        && step.getString("what").equals(what))
                .map(step -> Instant.parse(step.getString("at")))
                .toList();
    }

    private List<JsonObject> steps(String id) throws IOException, InterruptedException {
        return server.rest().get("evacuations/" + id + "/audit").asJsonArray().getValuesAs(JsonValue::asJsonObject);
    }

    private void historyShowsOne(JsonObject evacuation) throws IOException, InterruptedException {
        String id = evacuation.getString("id");
        Instant created = Instant.parse(evacuation.getString("createdAt"));
        List<String> since = server.evacuations().stream()
                .filter(each -> !Instant.parse(each.getString("createdAt")).isBefore(created))
                .map(each -> each.getString("id"))
                .toList();
        assertEquals(List.of(id), since);
        List<String> ends = steps(id).stream()
                .filter(step -> !step.containsKey("migration"))
                .map(step -> step.getString("what"))
                .filter("COMPLETE"::equals)
                .toList();
        assertEquals(1, ends.size(), () -> id + " has ended more than once");
    }
}
