package dev.drover.evacuation;

/** Where an evacuation stands. */
public enum EvacuationState {
    /** Its migrations are journalled; its batch job has not begun to move them. */
    PLANNING,
    RUNNING,
    /** What runs goes on; nothing further starts. */
    PAUSED,
    /** Called off: what can be stopped is being stopped. */
    CANCELLING,
    /** The host was looked at and is empty; of a return: all that could come back is back. */
    COMPLETED,
    /** Some domains were blocked or failed; the host is not empty. */
    INCOMPLETE,
    CANCELLED,
    /** It could not be carried out at all. */
    FAILED;

    /** Whether it stays so for ever. */
    public boolean isFinal() {
        return switch (this) {
            case PLANNING, RUNNING, PAUSED, CANCELLING -> false;
            case COMPLETED, INCOMPLETE, CANCELLED, FAILED -> true;
        };
    }
}
