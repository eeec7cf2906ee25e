package dev.drover.driver.libvirt.bench;

import java.util.Map;
import java.util.TreeMap;

/** What a contender answered: figures by name. */
record Figures(Map<String, Double> byName) {

    /** @param line {@code name=value} words */
    static Figures parse(String line) {
        Map<String, Double> figures = new TreeMap<>();
        for (String word : line.split(" ", -1)) {
            int equals = word.indexOf('=');
            figures.put(word.substring(0, equals), Double.valueOf(word.substring(equals + 1)));
        }
        return new Figures(figures);
    }

    static Figures seconds(double seconds) {
        return new Figures(Map.of("seconds", seconds));
    }

    double get(String name) {
        Double value = byName.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no " + name + " in " + byName);
        }
        return value;
    }
}
