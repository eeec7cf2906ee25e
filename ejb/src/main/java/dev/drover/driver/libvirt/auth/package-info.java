/**
 * Who Drover is to a daemon: where credentials come from, and the SASL dialogue. A secret leaves here only for the wire;
 * nothing is connected here.
 */
@NullMarked
package dev.drover.driver.libvirt.auth;

import org.jspecify.annotations.NullMarked;
