package dev.drover.evacuation;

import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.util.Map;

/** What an operator does about an alert, in the words of every surface; src/docs/OPERATIONS.md has the same codes. */
final class Remedy {

    private static final String ACKNOWLEDGE =
            "acknowledge it, on the page (Seen to…), with POST migrations/ID/acknowledge, or over JMX with acknowledge of"
                    + " drover:type=Migrations; it stands until then, also over restarts.";

    private static final Map<FailureCode, String> BY_CODE = Map.of(
            FailureCode.HOST_OFFLINE,
            "Bring the host or its libvirt daemon back; Drover looks again by itself and goes on. Until then it touches"
                    + " neither copy, and neither should you.",
            FailureCode.OUTCOME_UNKNOWN,
            "Look at the domain on both hosts, as the message says. Destroy no copy unless the other is proven running."
                    + " When its migration has FAILED and you have seen to it, " + ACKNOWLEDGE,
            FailureCode.QUARANTINED,
            "Decide which copy to keep and destroy the other by hand on its host, at once: both write to the same disks."
                    + " When only one is left, " + ACKNOWLEDGE,
            FailureCode.JOURNAL_UNAVAILABLE,
            "See to the database: is it running, is its disk full? What is under way goes on, nothing new starts, and"
                    + " what happened is written when it is back.",
            FailureCode.NOT_CONVERGING,
            "It is tried again by itself. To help: more bandwidth, the flags AUTO_CONVERGE or POSTCOPY, or move it when it"
                    + " is idle.",
            FailureCode.DEADLINE_PASSED,
            "Nothing further starts. Let what is under way end, or cancel the evacuation.",
            FailureCode.STUCK,
            "Read its audit trail to see what it waits for; then cancel it, and force-close it only if that does not end"
                    + " it. When its migration has FAILED so, do as the message says, then "
                    + ACKNOWLEDGE,
            FailureCode.INTERNAL,
            "Drover goes on with it by itself. If it comes again, read the server's log and report it.");

    private Remedy() {}

    /** For a code without words of its own, what its kind suggests. */
    static String of(Failure failure) {
        String known = BY_CODE.get(failure.code());
        if (known != null) {
            return known;
        }
        return switch (failure.kind()) {
            case CALLER ->
                "The message says what was refused and why; change that, or let the migration end by itself.";
            case HOST -> "See to the host that the message names; Drover tries again by itself.";
            case CAPACITY -> "Make room, as the message says, or wait; Drover tries again by itself.";
            case INTERNAL -> "Read the server's log and report it.";
        };
    }
}
