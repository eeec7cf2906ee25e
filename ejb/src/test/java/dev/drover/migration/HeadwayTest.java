package dev.drover.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.drover.hypervisor.JobStats;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a copy comes nearer to its end; a look each ten seconds, as round:left. */
class HeadwayTest {

    @ParameterizedTest(name = "{0}: last headway after {1} s")
    @CsvSource({
        "1:900 1:800 1:700,                         20",
        "1:900 1:900 1:900,                         0",
        "1:900 1:10 2:300 2:200 3:100,              40",
        "1:900 1:10 2:300 2:10 3:300 3:100 3:10,    30",
        "1:900 2:300 3:290 4:280 5:280 6:280,       30",
        "0:0 0:0 0:0,                               20",
    })
    void onlyARoundSmallerThanAllBeforeCounts(String looks, long seconds) {
        Headway headway = Headway.begin(Duration.ZERO);
        Duration now = Duration.ZERO;
        for (String look : looks.split(" ")) {
            String[] parts = look.split(":");
            headway = headway.seen(stats(Long.parseLong(parts[0]), Long.parseLong(parts[1])), now);
            now = now.plusSeconds(10);
        }
        assertEquals(Duration.ofSeconds(seconds), headway.at());
    }

    private static JobStats stats(long round, long left) {
        long total = round == 0 ? 0 : 1000;
        return new JobStats(
                JobStats.Type.UNBOUNDED,
                Duration.ZERO,
                Duration.ZERO,
                total,
                0,
                left,
                total,
                0,
                left,
                0,
                0,
                round,
                Map.of());
    }
}
