/**
 * Tests that run inside the server, as a module of the application: for what only the container brings about. What users
 * of the surfaces can see is tested from outside.
 */
@NullMarked
package dev.drover.it.inside;

import org.jspecify.annotations.NullMarked;
