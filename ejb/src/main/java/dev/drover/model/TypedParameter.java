package dev.drover.model;

/** One named, typed parameter, as libvirt's {@code virTypedParameter}. */
public record TypedParameter(String name, ParamValue value) {}
