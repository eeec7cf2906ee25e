/**
 * Bounded, watched connections to every host, lent for the length of a try block and independent from host to host.
 * What is done over a connection does not belong here, nor does any one driver.
 */
@NullMarked
package dev.drover.pool;

import org.jspecify.annotations.NullMarked;
