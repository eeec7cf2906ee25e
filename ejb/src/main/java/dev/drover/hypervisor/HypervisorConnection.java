package dev.drover.hypervisor;

import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.model.NodeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection to one hypervisor. Safe for use by many threads. Each call ends by the options' call deadline, a
 * migration excepted; every call throws {@link HypervisorException}. Answers are a moment's truth.
 */
public interface HypervisorConnection extends AutoCloseable {

    ConnectUri uri();

    /** False for ever once the transport has failed or was closed; true promises nothing about the next call. */
    boolean isOpen();

    /** Asks the other side for a sign of life. */
    void ping();

    /** The host's name as it knows itself. */
    String hostname();

    NodeInfo nodeInfo();

    /** The host's capabilities as libvirt's XML. */
    String capabilities();

    /** What this hypervisor can do in a migration away from it. */
    MigrationSupport migrationSupport();

    /** Every domain, running or not. */
    List<Domain> domains();

    Optional<Domain> findDomain(UUID uuid);

    Optional<Domain> findDomain(String name);

    /**
     * Who would drive a migration from here to that host: peer to peer wherever the source can log in to the destination
     * by its URI, managed elsewhere. Asked before the journal's row is written, since recovery depends on it.
     */
    MigrationMode mode(HypervisorConnection destination, Set<MigrateFlag> flags);

    /**
     * Refuses what {@link #startMigration} would refuse whatever the domain is: for the sake of the arguments and of the
     * two hosts. Asks nothing of either.
     */
    void checkMigration(
            HypervisorConnection destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            MigrationMode mode);

    /**
     * Starts to move a domain and returns as soon as the move is under way; the arguments are those of the 2007
     * proposal {@code virDomainMigrate(domain, dconn, flags, dname, hostname, params)}. Whatever this driver does not
     * support is refused before anything has changed on either host.
     *
     * @param domain UUID of a domain on this host
     * @param destination a connection of the same driver to the host where it shall run
     * @param flags as libvirt's; a driver may add what it cannot do without, and says so in its support
     * @param dname new name of the domain, or null to keep the name; never empty
     * @param hostname where the destination is reached for the data, or null to work it out; never empty
     * @param params further parameters, typed
     * @param mode who drives it
     * @throws HypervisorException {@code NO_SUPPORT} for a parameter that it does not know, {@code ARGUMENT_UNSUPPORTED}
     *     or {@code INVALID_ARGUMENT} for the rest, {@code NO_DOMAIN} when the domain is not here
     */
    MigrationJob startMigration(
            UUID domain,
            HypervisorConnection destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            MigrationMode mode);

    /** {@link #startMigration}, in the mode that {@link #mode} chooses. */
    default MigrationJob startMigration(
            UUID domain,
            HypervisorConnection destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params) {
        return startMigration(domain, destination, flags, dname, hostname, params, mode(destination, flags));
    }

    /** {@link #startMigration}, waiting for the end: returns the new domain as the destination describes it. */
    default Domain migrate(
            UUID domain,
            HypervisorConnection destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params) {
        try {
            return startMigration(domain, destination, flags, dname, hostname, params)
                    .result()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof HypervisorException cause ? cause : e;
        }
    }

    /**
     * The outgoing migration of a domain that somebody started earlier, perhaps on a connection that is gone.
     *
     * @param destination where it goes, to read the result there
     * @return empty when no outgoing migration is under way
     */
    Optional<MigrationJob> findMigration(UUID domain, HypervisorConnection destination);

    /**
     * Measures for a while how fast a running domain changes its memory.
     *
     * @param over how long, whole seconds from 1 to 60
     * @return bytes per second, when it is measured; {@code NO_SUPPORT} where the hypervisor cannot
     */
    CompletionStage<Long> measureDirtyRate(UUID domain, Duration over);

    /**
     * Lets a domain run that a managed migration had prepared here when it went over to post-copy and lost its client
     * ({@code virDomainMigrateFinish3}). Recovery asks for it only when the source is seen in post-copy, or has let go of its
     * copy after that: then no other copy can ever run.
     *
     * @param paused whether its user wants it to stand still
     * @return ends when all of its memory is here
     */
    CompletionStage<Void> finishPostCopy(UUID domain, boolean paused);

    /** Whether this machine holds a copy of the domain here, from a managed migration that may be in post-copy. */
    boolean holdsCopy(UUID domain);

    /**
     * Holds it no longer; harmless when nothing is held. A copy that has not been told to run goes with that: asked for only
     * when there is none here, when it runs, or when the source's is proven running.
     */
    void letGoOfCopy(UUID domain);

    /** Stops a domain's virtual CPUs ({@code virDomainSuspend}). */
    void suspendDomain(UUID domain);

    /** Lets a paused domain run ({@code virDomainResume}). Recovery asks for it only when no other copy can be running. */
    void resumeDomain(UUID domain);

    /** Keeps a running domain's definition when it ends ({@code virDomainDefineXML} with its own description). */
    void persistDomain(UUID domain);

    /**
     * Ends a domain at once, as if its power were cut ({@code virDomainDestroy}); a definition stays. Recovery asks for it
     * only when another copy is proven running.
     */
    void destroyDomain(UUID domain);

    /** Forgets a domain's definition ({@code virDomainUndefine}); a running domain goes on. */
    void undefineDomain(UUID domain);

    /**
     * Hears all events of this connection until the returned handle is closed. The listener runs on the connection's
     * I/O thread and must not block; events may be lost when the connection fails, of which the last one tells.
     */
    Subscription subscribe(Consumer<HypervisorEvent> listener);

    /** Ends the connection; a peer-to-peer migration goes on without it, a managed one ends with it. */
    @Override
    void close();

    /** Ends a subscription; harmless when repeated. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
