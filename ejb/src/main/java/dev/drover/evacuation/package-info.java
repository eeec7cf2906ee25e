/**
 * Empties hosts: an evacuation from the operator's wish to the report, and its pause, resume, cancel and return. Who
 * must leave is decided here; how many move at once is not.
 */
@NullMarked
package dev.drover.evacuation;

import org.jspecify.annotations.NullMarked;
