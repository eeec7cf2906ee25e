/**
 * Chaos: the product's own classes against the simulated fleet in virtual time, with faults and deaths by seed. What is
 * checked is asked of the simulated hosts, never of Drover, and a seed replays exactly.
 */
@NullMarked
package dev.drover.chaos;

import org.jspecify.annotations.NullMarked;
