package dev.drover.chaos;

import java.time.Duration;

/** What goes wrong, or what somebody does meanwhile. Its text stands in the script of a failing run. */
sealed interface Fault {

    /** kill -9 of the controller, at a moment; it starts again some seconds later. */
    record KillController() implements Fault {}

    /** The same at the n-th step from now: before or after a journal write or a call, or at a timer. */
    record KillAtStep(long steps) implements Fault {}

    /** One more server is started on the same journal, and ended after a while. */
    record SecondController(Duration lives) implements Fault {}

    record DropConnections(String host) implements Fault {}

    /** SIGKILL. @param outage until it is restarted */
    record KillDaemon(String host, Duration outage) implements Fault {}

    /** SIGTERM. */
    record TerminateDaemon(String host, Duration outage) implements Fault {}

    /** SIGSTOP. */
    record HangDaemon(String host, Duration outage) implements Fault {}

    record CutLink(String host, Duration outage) implements Fault {}

    record FillMemory(String host, Duration outage) implements Fault {}

    /** The process of a guest's copy dies. @param guest by number @param arriving the copy that is being filled, if any */
    record KillQemu(int guest, boolean arriving) implements Fault {}

    record JournalDown(Duration outage) implements Fault {}

    /** The journal takes the next write, but its answer is lost. */
    record JournalAnswerLost() implements Fault {}

    /** A host does what it is told next, but its answer is lost. */
    record HostAnswerLost() implements Fault {}

    /** Somebody sets the controller's clock. */
    record ClockJump(Duration by) implements Fault {}

    /** Somebody switches the guest's migration to post-copy, where its flags permit it. */
    record SwitchToPostCopy(int guest) implements Fault {}

    /** The stream of a guest's memory breaks while it is in post-copy. */
    record BreakPostCopy(int guest) implements Fault {}

    record UserSuspends(int guest) implements Fault {}

    record UserDestroys(int guest) implements Fault {}

    record UserStarts(int guest) implements Fault {}

    /** The operator pauses the evacuation, and resumes it after a while. */
    record OperatorPauses(Duration pause) implements Fault {}

    record OperatorCancels() implements Fault {}
}
