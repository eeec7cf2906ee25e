/**
 * The journal and the registry in the database: JPA rows and the stores that read and write them, each call a
 * transaction of its own. No decisions are made here.
 */
@NullMarked
package dev.drover.persistence;

import org.jspecify.annotations.NullMarked;
