package dev.drover.pool;

import dev.drover.model.ConnectUri;
import java.time.Duration;

/**
 * A lease held beyond its threshold: perhaps forgotten, perhaps only slow.
 *
 * @param thread name of the thread that took it
 * @param borrower its stack trace tells where
 */
public record Leak(ConnectUri uri, Purpose purpose, Duration heldFor, String thread, Throwable borrower) {}
