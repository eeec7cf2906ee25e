/**
 * The artifacts of the batch job and the only user of the batch runtime. The work itself is the evacuation package's.
 */
@NullMarked
package dev.drover.batch;

import org.jspecify.annotations.NullMarked;
