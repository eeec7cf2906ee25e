package dev.drover.evacuation;

import dev.drover.migration.Migration;

/** What there is to report about an evacuation's migrations at one moment. */
public sealed interface Look {

    /** The next one that has finished. */
    record Finished(Migration migration) implements Look {}

    /** All were reported, or nothing further will come: it is time to verify, or to stop. */
    record AllReported() implements Look {}

    /** Some are under way: look again. */
    record NotYet() implements Look {}
}
