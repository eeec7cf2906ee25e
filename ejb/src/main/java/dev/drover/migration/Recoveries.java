package dev.drover.migration;

import dev.drover.model.Failure;
import java.util.Optional;

/** How a migration's recoveries from a broken post-copy have fared; one after the other. */
final class Recoveries {

    private boolean underWay;
    private int failed;
    private Optional<Failure> lastFailure = Optional.empty();

    void begun() {
        underWay = true;
    }

    /** @param why empty when it was told that the domain has moved */
    void ended(Optional<Failure> why) {
        underWay = false;
        failed += why.isPresent() ? 1 : 0;
        lastFailure = why;
    }

    boolean isUnderWay() {
        return underWay;
    }

    int failed() {
        return failed;
    }

    /** Why the last one failed. */
    Optional<Failure> lastFailure() {
        return lastFailure;
    }
}
