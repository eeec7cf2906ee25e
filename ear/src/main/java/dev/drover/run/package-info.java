/**
 * What {@code mvn -Prun package} does after the build: starts the provisioned server, empties one host over REST as any
 * client would, and stops the server again when asked. A client: nothing of the application is used.
 */
@NullMarked
package dev.drover.run;

import org.jspecify.annotations.NullMarked;
