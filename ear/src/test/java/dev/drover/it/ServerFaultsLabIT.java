package dev.drover.it;

import static dev.drover.it.DroverServer.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.lab.Lab;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of an evacuation of real guests when something fails that Drover itself stands on: its process, its
 * journal. Rows of the table of faults in OPERATIONS.md, as {@link FaultsLabIT}. Of four guests two go to h2,
 * peer to peer, and two to h3, managed.
 */
@Tag("lab")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerFaultsLabIT {

    private static final int OFFSET = Integer.getInteger("it.offset", 300);
    private static final String SLOW = "10mbit";
    private static final List<String> TARGETS = List.of("h2", "h3");

    private Lab lab;
    private DroverServer server;

    @BeforeAll
    void bringUp() throws IOException, InterruptedException {
        lab = LabHosts.up();
        // each test lays it out anew
        server = new DroverServer();
    }

    @AfterEach
    void clear() throws IOException, InterruptedException {
        try {
            server.stop();
        } finally {
            lab.rate("off");
            lab.clear();
        }
    }

    @AfterAll
    void bringDown() throws IOException, InterruptedException {
        if (lab != null) {
            lab.close();
        }
    }

    private void start(Map<String, String> more, String... settings) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(LabHosts.quickToNotice(settings));
        environment.putAll(more);
        server.start(LabHosts.seed(), environment);
    }

    private Departure underWay(String prefix) throws IOException, InterruptedException {
        Departure departure = Departure.underWay(server, lab, prefix, 4, TARGETS, SLOW);
        assertEquals(2, departure.goingTo("h2").size(), "the plan does not have both modes");
        return departure;
    }

    /**
     * What goes on without the server is left alone by its end and followed by its next start. What would die with it is
     * waited for no longer than was set, and begun anew by the next start.
     */
    @Test
    void serverIsTerminated() throws Exception {
        server = new DroverServer();
        start(Map.of(), "-Ddrover.drain=PT4S");
        Departure departure = underWay("t");
        lab.rate("2mbit");
        Map<String, UUID> peerToPeer = departure.goingTo("h2");
        Map<String, UUID> managed = departure.goingTo("h3");
        long seconds = seconds(server::stop);
        assertTrue(seconds < 40, "its end took " + seconds + " s");
        for (UUID guest : peerToPeer.values()) {
            assertTrue(lab.migrates("h1", guest), "the migration of " + guest + " was broken off");
        }
        for (UUID guest : managed.values()) {
            assertEquals(Map.of("h1", "running"), lab.copies(guest));
        }
        start(Map.of());
        lab.rate("off");
        departure.awaitArrival();
        Map<String, Long> tries = departure.steps("BEGIN");
        peerToPeer.keySet().forEach(guest -> assertEquals(1, tries.get(guest), guest));
        managed.keySet().forEach(guest -> assertEquals(2, tries.get(guest), guest));
    }

    @Tag("long")
    @Tag("postgresql")
    @Test
    void databaseIsAwayForAMinute() throws Exception {
        try (Postgres postgres = Postgres.start(Path.of("target/postgres"), 15432 + OFFSET)) {
            server = new DroverServer();
            start(postgres.environment());
            Departure departure = underWay("d");
            postgres.stop();
            await("an alert says so", () -> departure.alertCodes().equals(List.of("JOURNAL_UNAVAILABLE")));
            assertEquals(503, server.rest().send("GET", "evacuations", "").statusCode());
            String host = "{\"name\":\"h9\",\"uri\":\"sim://h9\"}";
            assertEquals(503, server.rest().send("POST", "hosts", host).statusCode());
            lab.rate("off");
            Thread.sleep(60_000);
            // what was under way went on to its end, which waits to be written
            departure.everyGuestRunsOnceOn(TARGETS);
            postgres.start();
            // the server's own look at its journal may come after the last outcome has been written
            await("the alerts are gone", () -> departure.alertCodes().isEmpty());
            departure.awaitArrival();
            departure.everyGuestTookTries(1);
            server.stop();
        }
    }

    @Tag("long")
    @Test
    void diskUnderTheJournalIsFull() throws Exception {
        server = new DroverServer();
        try (SmallDisk disk = SmallDisk.mount(server.data().resolve("drover"), 32)) {
            try {
                start(Map.of());
                Departure departure = underWay("f");
                disk.fill();
                lab.rate("off");
                // the one where nothing can be written, the other where H2 still finds room within the journal's file
                await("an alert says so", () -> Stream.of("JOURNAL_UNAVAILABLE", "INTERNAL")
                        .anyMatch(departure.alertCodes()::contains));
                await("what was under way has moved", () -> lab.running("h1").isEmpty());
                departure.everyGuestRunsOnceOn(TARGETS);
                disk.free();
                departure.awaitArrival();
                departure.everyGuestTookTries(1);
            } finally {
                server.stop();
            }
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"+1h", "-1h"})
    void clockIsSet(String by) throws Exception {
        server = new DroverServer();
        FakeClock clock = new FakeClock(Path.of("target/clock"));
        start(clock.environment());
        FakeClock.forget(server.pid());
        Departure departure = underWay("j" + (by.startsWith("+") ? "f" : "b"));
        clock.set(by);
        await(
                "the server's clock is set",
                () -> Duration.between(Instant.now(), server.clock()).abs().toMinutes() >= 59);
        lab.rate("off");
        departure.awaitArrival();
        departure.everyGuestTookTries(1);
    }

    private interface Act {
        void run() throws IOException, InterruptedException;
    }

    private static long seconds(Act act) throws IOException, InterruptedException {
        long start = System.nanoTime();
        act.run();
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
    }
}
