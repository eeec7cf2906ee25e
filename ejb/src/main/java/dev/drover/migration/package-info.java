/**
 * Moves domains: starts, follows, aborts and adopts migrations, decides how many run at once, and finds out what became
 * of one whose end nobody saw. Who has to leave a host is not decided here.
 */
@NullMarked
package dev.drover.migration;

import org.jspecify.annotations.NullMarked;
