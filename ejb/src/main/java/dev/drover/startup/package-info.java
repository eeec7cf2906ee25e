/**
 * Puts the application together: what is injected where the container does not know by itself, and the order of the
 * start. Nothing depends on it.
 */
@NullMarked
package dev.drover.startup;

import org.jspecify.annotations.NullMarked;
