package dev.drover.driver.simulated;

import java.util.ArrayList;
import java.util.List;

/** What clients are to hear of a change, in order, kept until the fleet's lock is free: a listener may call back. */
final class Told {

    private final List<Runnable> news = new ArrayList<>();

    void add(Runnable one) {
        news.add(one);
    }

    void tell() {
        news.forEach(Runnable::run);
    }
}
