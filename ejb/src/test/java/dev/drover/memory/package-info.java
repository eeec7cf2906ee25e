/**
 * The stores without a database, for tests in virtual time: what is written survives a server's life as it would on disk,
 * and the database can be taken away. Part of the test jar.
 */
@NullMarked
package dev.drover.memory;

import org.jspecify.annotations.NullMarked;
