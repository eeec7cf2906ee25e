package dev.drover.driver.libvirt.auth;

/** A name to log in with and its password. */
public record Credential(String authname, Secret password) {}
