/**
 * Which running server owns what is under way: lives, their leases in the database, and their end. Who migrates what is
 * not known here.
 */
@NullMarked
package dev.drover.ownership;

import org.jspecify.annotations.NullMarked;
