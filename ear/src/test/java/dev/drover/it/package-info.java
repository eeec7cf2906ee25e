/**
 * The whole on real hypervisors: the provisioned server against libvirt and QEMU, judged by asking those and the guests
 * themselves, never Drover alone.
 */
@NullMarked
package dev.drover.it;

import org.jspecify.annotations.NullMarked;
