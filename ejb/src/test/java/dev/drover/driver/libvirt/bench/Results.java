package dev.drover.driver.libvirt.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/** What was measured, round by round, and its summary: medians with bootstrap 95 % intervals, as JSON and Markdown. */
final class Results {

    private static final int RESAMPLES = 10_000;

    private record Key(String cell, String contender, String metric) {}

    private record Row(Key key, double value, double lower, double upper, int rounds, double load) {}

    private final Map<Key, List<Double>> samples = new LinkedHashMap<>();
    private final Map<String, Double> loads = new LinkedHashMap<>();

    /** Notes the machine's load average once a cell, before its first round. */
    void begin(String cell) throws IOException {
        if (!loads.containsKey(cell)) {
            String load = Files.readString(Path.of("/proc/loadavg"));
            loads.put(cell, Double.valueOf(load.substring(0, load.indexOf(' '))));
        }
    }

    void add(String cell, String contender, String metric, double value) {
        samples.computeIfAbsent(new Key(cell, contender, metric), key -> new ArrayList<>())
                .add(value);
    }

    /** Writes {@code name.json} and the table made from it, {@code name.md}, and begins anew. */
    void write(Path folder, String name, String preface) throws IOException {
        List<Row> rows = samples.entrySet().stream()
                .map(entry -> row(entry.getKey(), entry.getValue()))
                .toList();
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve(name + ".json"),
                "[\n" + String.join(",\n", rows.stream().map(Results::json).toList()) + "\n]\n");
        Files.writeString(
                folder.resolve(name + ".md"),
                preface
                        + "\n\n| cell | contender | metric | median | 95 % interval | rounds | load |\n|---|---|---|---|---|---|---|\n"
                        + String.join("", rows.stream().map(Results::markdown).toList()));
        samples.clear();
        loads.clear();
    }

    private Row row(Key key, List<Double> values) {
        double[] medians = new double[RESAMPLES];
        var random = new Random(1);
        for (int i = 0; i < RESAMPLES; i++) {
            medians[i] = median(random.ints(values.size(), 0, values.size())
                    .mapToDouble(values::get)
                    .toArray());
        }
        java.util.Arrays.sort(medians);
        return new Row(
                key,
                median(values.stream().mapToDouble(Double::doubleValue).toArray()),
                medians[RESAMPLES * 25 / 1000],
                medians[RESAMPLES * 975 / 1000],
                values.size(),
                loads.getOrDefault(key.cell(), Double.NaN));
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        java.util.Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String json(Row row) {
        return String.format(
                Locale.ROOT,
                "  {\"cell\": \"%s\", \"contender\": \"%s\", \"metric\": \"%s\", \"value\": %.4f, \"lower\": %.4f,"
                        + " \"upper\": %.4f, \"rounds\": %d, \"load\": %.2f}",
                row.key.cell(),
                row.key.contender(),
                row.key.metric(),
                row.value,
                row.lower,
                row.upper,
                row.rounds,
                row.load);
    }

    private static String markdown(Row row) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %s | %s – %s | %d | %.2f |%n",
                row.key.cell(),
                row.key.contender(),
                row.key.metric(),
                figure(row.value),
                figure(row.lower),
                figure(row.upper),
                row.rounds,
                row.load);
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.3f", value);
    }
}
