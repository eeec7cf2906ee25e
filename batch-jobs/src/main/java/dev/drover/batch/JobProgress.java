package dev.drover.batch;

import java.util.UUID;

/**
 * What the steps of one execution share.
 *
 * @param continued whether an earlier execution of the same job worked on the evacuation
 */
record JobProgress(UUID evacuation, boolean continued) {}
