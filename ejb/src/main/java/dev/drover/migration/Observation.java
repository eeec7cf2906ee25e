package dev.drover.migration;

import dev.drover.model.Domain;
import java.util.Optional;

/**
 * What both hosts said about one domain, looked up by UUID because a rename keeps that.
 *
 * @param source the domain on the source; empty when the source does not have it
 * @param destination the domain on the destination; empty when the destination does not have it
 * @param outgoing whether the source has an outgoing migration of it under way
 * @param held whether this machine holds the destination's copy beyond the life of the client that had it made
 */
public record Observation(Optional<Domain> source, Optional<Domain> destination, boolean outgoing, boolean held) {}
