package dev.drover.jmx;

import java.util.List;

/**
 * The migrate call over JMX. Every argument is text, so that JConsole can make the call: flags are separated by commas,
 * params are {@code name=value,name=value}; both may be blank. A refusal is an {@link IllegalArgumentException} that ends with the
 * code and its number.
 */
@Description("Moves single domains from host to host. A refusal ends with its code and libvirt's number.")
public interface MigrationsMXBean {

    String SOURCE = "name of the host where it runs";
    String DOMAIN = "name or UUID of the domain";
    String DESTINATION = "name of the host where it shall run";
    String FLAGS = "migrate flags separated by commas, as LIVE,PERSIST_DEST; blank for LIVE";
    String DNAME = "its new name; null to keep it, never empty";
    String HOSTNAME = "where the destination is reached for the data; null to have it worked out, never empty";
    String MODE = "who drives it: AUTO, PEER_TO_PEER or MANAGED";
    String ID = "the migration's id";
    String PARAMS = "typed parameters as name=value,name=value, e.g. bandwidth=100; blank for none";

    @Description("Migrations, the newest first.")
    List<MigrationView> getMigrations();

    @Description("Moves a domain live, waits for the end and returns the new domain.")
    MigrationView migrate(
            @Description(SOURCE) String source,
            @Description(DOMAIN) String domain,
            @Description(DESTINATION) String destination);

    @Description("Moves a domain with flags and params, waits for the end and returns the new domain.")
    MigrationView migrate(
            @Description(SOURCE) String source,
            @Description(DOMAIN) String domain,
            @Description(DESTINATION) String destination,
            @Description(value = FLAGS, table = Description.Table.FLAGS) String flags,
            @Description(value = PARAMS, table = Description.Table.PARAMS) String params);

    @Description("Moves a domain with all arguments, waits for the end and returns the new domain.")
    MigrationView migrate(
            @Description(SOURCE) String source,
            @Description(DOMAIN) String domain,
            @Description(DESTINATION) String destination,
            @Description(value = FLAGS, table = Description.Table.FLAGS) String flags,
            @Description(DNAME) String dname,
            @Description(HOSTNAME) String hostname,
            @Description(value = PARAMS, table = Description.Table.PARAMS) String params);

    @Description(
            "Moves a domain with all arguments, and says who drives it, waits for the end and returns the new domain.")
    MigrationView migrate(
            @Description(SOURCE) String source,
            @Description(DOMAIN) String domain,
            @Description(DESTINATION) String destination,
            @Description(value = FLAGS, table = Description.Table.FLAGS) String flags,
            @Description(DNAME) String dname,
            @Description(HOSTNAME) String hostname,
            @Description(value = PARAMS, table = Description.Table.PARAMS) String params,
            @Description(MODE) String mode);

    @Description("Starts to move a domain live and returns the migration's id.")
    String startMigration(
            @Description(SOURCE) String source,
            @Description(DOMAIN) String domain,
            @Description(DESTINATION) String destination);

    @Description("Starts to move a domain with flags and params and returns the migration's id.")
    String startMigration(
            @Description(SOURCE) String source,
            @Description(DOMAIN) String domain,
            @Description(DESTINATION) String destination,
            @Description(value = FLAGS, table = Description.Table.FLAGS) String flags,
            @Description(value = PARAMS, table = Description.Table.PARAMS) String params);

    @Description("Starts to move a domain with all arguments and returns the migration's id.")
    String startMigration(
            @Description(SOURCE) String source,
            @Description(DOMAIN) String domain,
            @Description(DESTINATION) String destination,
            @Description(value = FLAGS, table = Description.Table.FLAGS) String flags,
            @Description(DNAME) String dname,
            @Description(HOSTNAME) String hostname,
            @Description(value = PARAMS, table = Description.Table.PARAMS) String params);

    @Description("Starts to move a domain with all arguments, and says who drives it, and returns the migration's id.")
    String startMigration(
            @Description(SOURCE) String source,
            @Description(DOMAIN) String domain,
            @Description(DESTINATION) String destination,
            @Description(value = FLAGS, table = Description.Table.FLAGS) String flags,
            @Description(DNAME) String dname,
            @Description(HOSTNAME) String hostname,
            @Description(value = PARAMS, table = Description.Table.PARAMS) String params,
            @Description(MODE) String mode);

    @Description("One migration as it is now.")
    MigrationView migration(@Description(ID) String id);

    @Description(
            "Lets the guest run on the destination before its memory is there; it must have been started with POSTCOPY.")
    MigrationView startPostCopy(@Description(ID) String id);

    @Description("Who did what when, a line each, oldest first.")
    List<String> audit(@Description(ID) String id);

    @Description("Limits the copy from now on.")
    MigrationView limitSpeed(
            @Description(ID) String id, @Description("MiB a second, at least 1") long mebibytesPerSecond);

    @Description("Says how long the guest may stand still at the end.")
    MigrationView limitDowntime(@Description(ID) String id, @Description("at most so long, ms") long milliseconds);

    @Description(
            "Says that somebody has seen to a migration that FAILED with QUARANTINED, OUTCOME_UNKNOWN or STUCK: its alert goes.")
    MigrationView acknowledge(
            @Description(ID) String id, @Description("what became of the domain; for the audit trail") String reason);

    @Description("Calls a migration off; the domain runs on where it is.")
    MigrationView abort(@Description(ID) String id);
}
