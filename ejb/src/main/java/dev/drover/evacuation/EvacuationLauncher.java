package dev.drover.evacuation;

import java.util.UUID;

/** Runs the batch job of an evacuation; implemented where the batch runtime is known. */
public interface EvacuationLauncher {

    /** Starts the job of an evacuation that is journalled already, and returns its execution. */
    long start(UUID evacuation);

    /** Makes sure that a job works on the evacuation, whatever became of earlier ones; returns the execution. */
    long resume(UUID evacuation, long execution);

    /**
     * Goes on with an evacuation on which no job of this server works, whatever the row of its latest execution says. One
     * that an operator had paused or whose job was stopped stays so.
     */
    void goOn(Evacuation evacuation);
}
