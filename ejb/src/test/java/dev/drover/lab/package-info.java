/** Real hypervisors for tests: the lab script of src/lab as Java methods. Needs root on Debian or Ubuntu. */
@NullMarked
package dev.drover.lab;

import org.jspecify.annotations.NullMarked;
