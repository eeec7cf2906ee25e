package dev.drover.driver.libvirt.remote;

/**
 * @param cookie for the destination, opaque
 * @param xml the domain as the destination shall have it
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record MigrationBegun(byte[] cookie, String xml) {}
