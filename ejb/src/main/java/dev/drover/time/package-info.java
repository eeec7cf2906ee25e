/**
 * Clock and timers as things that are handed in, so that the same code runs in real and in virtual time. Only time
 * lives here; what to do when a timer fires does not.
 */
@NullMarked
package dev.drover.time;

import org.jspecify.annotations.NullMarked;
