/**
 * How libvirt's remote protocol looks in bytes: XDR, headers, typed parameters, errors. Pure functions over byte arrays; no sockets and no procedures.
 */
@NullMarked
package dev.drover.driver.libvirt.wire;

import org.jspecify.annotations.NullMarked;
