package dev.drover.migration;

import dev.drover.model.Domain;
import java.util.Optional;

/**
 * What both hosts said about one domain, looked up by UUID because a rename keeps that.
 *
 * @param source the domain on the source; empty when the source does not have it
 * @param destination the domain on the destination; empty when the destination does not have it
 * @param outgoing whether the source has an outgoing migration of it under way
 */
public record Observation(Optional<Domain> source, Optional<Domain> destination, boolean outgoing) {}
