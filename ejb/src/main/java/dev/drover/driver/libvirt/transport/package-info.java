/**
 * How bytes get to a daemon: what a connect URI asks for, and TCP, TLS, UNIX and SSH connections over Netty. What the
 * bytes say is not known here, nor who logs in.
 */
@NullMarked
package dev.drover.driver.libvirt.transport;

import org.jspecify.annotations.NullMarked;
