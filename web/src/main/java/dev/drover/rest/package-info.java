/**
 * The REST resources of the public contract and their JSON. Nothing is decided here; every error becomes a problem document in one place.
 */
@NullMarked
package dev.drover.rest;

import org.jspecify.annotations.NullMarked;
