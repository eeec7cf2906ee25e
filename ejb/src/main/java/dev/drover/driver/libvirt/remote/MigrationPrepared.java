package dev.drover.driver.libvirt.remote;

import java.util.Optional;

/**
 * @param cookie for the source, opaque
 * @param uri where the destination waits for the data; empty when the caller's own URI stands
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record MigrationPrepared(byte[] cookie, Optional<String> uri) {}
