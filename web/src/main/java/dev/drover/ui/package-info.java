/**
 * The operators' page: static assets and the headers under which a browser gets them. What it shows comes over REST.
 */
@NullMarked
package dev.drover.ui;

import org.jspecify.annotations.NullMarked;
