/**
 * The MBeans of JMX domain {@code drover}, for JConsole and for programs. They translate and delegate: nothing is decided
 * here.
 */
@NullMarked
package dev.drover.jmx;

import org.jspecify.annotations.NullMarked;
