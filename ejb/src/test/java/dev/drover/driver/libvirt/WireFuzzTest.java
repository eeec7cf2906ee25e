package dev.drover.driver.libvirt;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The fuzzing campaign's replay: its seeds, what it found, and random changes of both, the same ones in each build. */
@Timeout(120)
class WireFuzzTest {

    private static final int MUTANTS = 20_000;

    @Test
    void everyProcedureIsFuzzed() {
        assertTrue(RemoteProcedures.ALL.size() >= 20, RemoteProcedures.ALL::toString);
    }

    @Test
    void seedsAndFindingsKeepTheWord() {
        FuzzSeeds.all().forEach(WireFuzz::fuzzerTestOneInput);
    }

    @Test
    void changedSeedsKeepTheWord() {
        List<byte[]> seeds = FuzzSeeds.all();
        var random = new Random(20261125);
        for (int i = 0; i < MUTANTS; i++) {
            byte[] mutant = seeds.get(random.nextInt(seeds.size())).clone();
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                mutant = changed(mutant, random);
            }
            WireFuzz.fuzzerTestOneInput(mutant);
        }
    }

    // lengths live in words, so words are what is changed most
    private static byte[] changed(byte[] input, Random random) {
        int at = random.nextInt(Math.max(1, input.length));
        switch (random.nextInt(4)) {
            case 0 -> {
                return java.util.Arrays.copyOf(input, at);
            }
            case 1 -> {
                byte[] longer = java.util.Arrays.copyOf(input, input.length + 4);
                System.arraycopy(
                        input, at, longer, Math.min(at + 4, longer.length - (input.length - at)), input.length - at);
                return longer;
            }
            default -> {
                if (input.length > at) {
                    input[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : random.nextInt(3) * 127);
                }
                return input;
            }
        }
    }

    @Test
    void callUnderWayMayNotOutliveTheConnection() {
        assertThrows(
                AssertionError.class, () -> FuzzTarget.requireEnded(new java.util.concurrent.CompletableFuture<>()));
    }
}
