package dev.drover.jmx;

import java.util.List;

/**
 * The migrate call over JMX. Every argument is text, so that JConsole can make the call: flags are separated by commas,
 * params are {@code name=value,name=value}; both may be blank. A refusal is an {@link IllegalArgumentException} that ends with the
 * code and its number.
 */
public interface MigrationsMXBean {

    /** The newest first. */
    List<MigrationView> getMigrations();

    /** Moves a domain live, waits for the end and returns the new domain. */
    MigrationView migrate(String source, String domain, String destination);

    /** The same with flags and params; {@code destination_name} and {@code migrate_uri} are params too. */
    MigrationView migrate(String source, String domain, String destination, String flags, String params);

    /** All arguments of the 2007 proposal; dname and hostname may be null, but not empty. */
    MigrationView migrate(
            String source,
            String domain,
            String destination,
            String flags,
            String dname,
            String hostname,
            String params);

    /** The same, and who drives it: {@code AUTO}, {@code PEER_TO_PEER} or {@code MANAGED}. */
    MigrationView migrate(
            String source,
            String domain,
            String destination,
            String flags,
            String dname,
            String hostname,
            String params,
            String mode);

    /** Starts to move a domain live and returns the migration's id. */
    String startMigration(String source, String domain, String destination);

    /** The same with flags and params. */
    String startMigration(String source, String domain, String destination, String flags, String params);

    /** The same with all arguments. */
    String startMigration(
            String source,
            String domain,
            String destination,
            String flags,
            String dname,
            String hostname,
            String params);

    /** The same, and who drives it. */
    String startMigration(
            String source,
            String domain,
            String destination,
            String flags,
            String dname,
            String hostname,
            String params,
            String mode);

    MigrationView migration(String id);

    /** Lets the guest run on the destination before its memory is there; it must have been started with POSTCOPY. */
    MigrationView startPostCopy(String id);

    /** Limits the copy from now on, MiB/s. */
    MigrationView limitSpeed(String id, long mebibytesPerSecond);

    /** How long the guest may stand still at the end, ms. */
    MigrationView limitDowntime(String id, long milliseconds);

    /** Calls a migration off. */
    MigrationView abort(String id);
}
