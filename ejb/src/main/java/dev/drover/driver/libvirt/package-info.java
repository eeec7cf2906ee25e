/**
 * A libvirt migration client in pure Java: the driver, its connections and its migrations. Procedures, calls and bytes live in the packages below; no other driver and no Jakarta beyond CDI is known here.
 */
@NullMarked
package dev.drover.driver.libvirt;

import org.jspecify.annotations.NullMarked;
