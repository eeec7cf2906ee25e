/**
 * A fleet of hosts and domains that exist only in memory, behind the same SPI as real ones: for the demo, for scale and
 * for faults. No other driver is known here.
 */
@NullMarked
package dev.drover.driver.simulated;

import org.jspecify.annotations.NullMarked;
