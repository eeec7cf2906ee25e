/**
 * Calls, replies, events and keepalive on one connection, over Netty. What a procedure means is not known here.
 */
@NullMarked
package dev.drover.driver.libvirt.rpc;

import org.jspecify.annotations.NullMarked;
