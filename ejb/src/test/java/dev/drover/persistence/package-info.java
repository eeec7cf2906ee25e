/** The contract that every store of the journal's rows keeps; the databases' own are tested inside the server. */
@NullMarked
package dev.drover.persistence;

import org.jspecify.annotations.NullMarked;
