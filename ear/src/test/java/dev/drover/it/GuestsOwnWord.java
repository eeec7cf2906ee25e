package dev.drover.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.lab.Lab;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the lab's guests report of themselves, whatever Drover and libvirt say. */
final class GuestsOwnWord {

    private GuestsOwnWord() {}

    /** Each has all its memory, none was rebooted, and none has ever run twice at a time. */
    static void allAreWhole(Lab lab, Collection<String> guests) throws IOException {
        // all at once: each check waits for its guest, which takes seconds
        guests.stream()
                .map(guest -> CompletableFuture.runAsync(() -> check(lab, guest)))
                .toList()
                .forEach(CompletableFuture::join);
        for (String guest : guests) {
            List<Integer> seconds = lab.heartbeats(guest);
            assertEquals(
                    new HashSet<>(seconds).size(),
                    seconds.size(),
                    () -> guest + " has lived the same second twice: " + seconds);
        }
    }

    private static void check(Lab lab, String guest) {
        try {
            lab.checkMemory(guest);
        } catch (IOException e) {
            throw new AssertionError(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted before " + guest + " had answered", e);
        }
    }
}
