/**
 * The hosts Drover knows, and what each looks like now. Observation only: nothing in here changes a hypervisor or
 * decides what should move.
 */
@NullMarked
package dev.drover.fleet;

import org.jspecify.annotations.NullMarked;
