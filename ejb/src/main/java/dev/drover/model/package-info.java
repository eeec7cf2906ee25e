/**
 * The words of the field as values: hosts, domains, connect URIs, migrate flags and parameters, failures. No I/O, no
 * Jakarta, nothing that changes.
 */
@NullMarked
package dev.drover.model;

import org.jspecify.annotations.NullMarked;
