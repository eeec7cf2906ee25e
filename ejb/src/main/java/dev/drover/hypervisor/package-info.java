/**
 * The driver SPI in plain Java: what Drover asks of a hypervisor, and the failures it may answer with. Drivers
 * implement it and are found by CDI; nothing in here knows a driver, and nothing here may use Jakarta.
 */
@NullMarked
package dev.drover.hypervisor;

import org.jspecify.annotations.NullMarked;
