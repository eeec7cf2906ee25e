/**
 * Decides where every domain of a host goes, as pure functions from what was seen to a plan. No I/O, no clock, no
 * Jakarta: the same fleet gives the same plan.
 */
@NullMarked
package dev.drover.planner;

import org.jspecify.annotations.NullMarked;
