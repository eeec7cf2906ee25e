/**
 * The libvirt client measured against the C library on the same daemon; started by {@code src/bench/libvirt-client/run.sh},
 * compiled with the tests so that it does not rot. No test lives here.
 */
@NullMarked
package dev.drover.driver.libvirt.bench;

import org.jspecify.annotations.NullMarked;
