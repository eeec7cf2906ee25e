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

    MigrationView migration(String id);

    /** Calls a migration off. */
    MigrationView abort(String id);
}
