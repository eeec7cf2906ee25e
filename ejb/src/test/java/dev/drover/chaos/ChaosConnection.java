package dev.drover.chaos;

import dev.drover.hypervisor.HypervisorConnection;
import dev.drover.hypervisor.HypervisorEvent;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.hypervisor.MigrationJob;
import dev.drover.hypervisor.MigrationMode;
import dev.drover.hypervisor.MigrationSupport;
import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.model.NodeInfo;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A connection on which a controller may die or lose an answer at each call, and whose changes are checked. */
final class ChaosConnection implements HypervisorConnection {

    private final World world;
    private final Incarnation controller;
    private final HypervisorConnection connection;

    ChaosConnection(World world, Incarnation controller, HypervisorConnection connection) {
        this.world = world;
        this.controller = controller;
        this.connection = connection;
    }

    private <T> T call(String what, Supplier<T> call) {
        String at = what + " on " + connection.uri().host().orElse("");
        world.steps().at(controller, "before " + at);
        T answer = call.get();
        world.steps().at(controller, "after " + at);
        return answer;
    }

    private List<Domain> seen(List<Domain> domains) {
        domains.forEach(domain -> seen(Optional.of(domain)));
        return domains;
    }

    // whoever has seen a guest run somewhere must not wake an older copy of it elsewhere
    private Optional<Domain> seen(Optional<Domain> found) {
        found.filter(domain -> domain.status().isRunning()).ifPresent(domain -> world.guests()
                .seenRunning(domain.uuid(), connection.uri().host().orElse("")));
        return found;
    }

    // the host does what it is told, and its answer may get lost
    private <T> T change(Change.Kind kind, UUID domain, Supplier<T> call) {
        String host = connection.uri().host().orElse("");
        world.changes().about(new Change(kind, domain, host));
        return call(kind + " " + world.nameOf(domain), () -> {
            T answer = call.get();
            if (world.losesAnswer()) {
                world.trace().add("the answer to " + kind + " of " + world.nameOf(domain) + " is lost");
                throw new HypervisorException(FailureCode.OPERATION_TIMEOUT, host + ": no answer in time");
            }
            return answer;
        });
    }

    private void tell(Change.Kind kind, UUID domain, Runnable call) {
        change(kind, domain, () -> {
            call.run();
            return true;
        });
    }

    @Override
    public ConnectUri uri() {
        return connection.uri();
    }

    @Override
    public boolean isOpen() {
        return controller.isAlive() && connection.isOpen();
    }

    @Override
    public void ping() {
        call("ping", () -> {
            connection.ping();
            return true;
        });
    }

    @Override
    public String hostname() {
        return call("hostname", connection::hostname);
    }

    @Override
    public NodeInfo nodeInfo() {
        return call("nodeInfo", connection::nodeInfo);
    }

    @Override
    public String capabilities() {
        return call("capabilities", connection::capabilities);
    }

    @Override
    public MigrationSupport migrationSupport() {
        return connection.migrationSupport();
    }

    @Override
    public List<Domain> domains() {
        return call("domains", () -> seen(connection.domains()));
    }

    @Override
    public Optional<Domain> findDomain(UUID uuid) {
        return call("findDomain", () -> world.mutation().sees(this, seen(connection.findDomain(uuid))));
    }

    @Override
    public Optional<Domain> findDomain(String name) {
        return call("findDomain", () -> seen(connection.findDomain(name)));
    }

    @Override
    public MigrationMode mode(HypervisorConnection destination, Set<MigrateFlag> flags) {
        return world.mode();
    }

    @Override
    public void checkMigration(
            HypervisorConnection destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            MigrationMode mode) {
        connection.checkMigration(((ChaosConnection) destination).connection, flags, dname, hostname, params, mode);
    }

    @Override
    public MigrationJob startMigration(
            UUID domain,
            HypervisorConnection destination,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            MigrationMode mode) {
        HypervisorConnection to = ((ChaosConnection) destination).connection;
        Set<MigrateFlag> permitted = permitted(flags);
        boolean goesOn = flags.contains(MigrateFlag.POSTCOPY_RESUME);
        MigrationJob job = change(
                goesOn ? Change.Kind.RECOVER_POST_COPY : Change.Kind.START,
                domain,
                () -> connection.startMigration(domain, to, permitted, dname, hostname, params, mode));
        world.mutation().started(() -> startMigration(domain, destination, flags, dname, hostname, params, mode));
        return new ChaosJob(world, controller, job, uri());
    }

    private Set<MigrateFlag> permitted(Set<MigrateFlag> flags) {
        if (!world.script().postCopy()) {
            return flags;
        }
        Set<MigrateFlag> more = new TreeSet<>(flags);
        more.add(MigrateFlag.POSTCOPY);
        return more;
    }

    @Override
    public Optional<MigrationJob> findMigration(UUID domain, HypervisorConnection destination) {
        HypervisorConnection to = ((ChaosConnection) destination).connection;
        return call("findMigration", () -> connection.findMigration(domain, to))
                .map(job -> new ChaosJob(world, controller, job, uri()));
    }

    @Override
    public CompletionStage<Long> measureDirtyRate(UUID domain, Duration over) {
        return call("measureDirtyRate", () -> connection.measureDirtyRate(domain, over));
    }

    @Override
    public CompletionStage<Void> finishPostCopy(UUID domain, boolean paused) {
        return change(Change.Kind.FINISH_POST_COPY, domain, () -> connection.finishPostCopy(domain, paused));
    }

    @Override
    public boolean holdsCopy(UUID domain) {
        return connection.holdsCopy(domain);
    }

    @Override
    public void letGoOfCopy(UUID domain) {
        // where it is whole, or gone, there is nothing left to change and nothing to announce
        boolean waits = connection
                .findDomain(domain)
                .map(Domain::status)
                .filter(status -> status.isPausedForMigration() || status.isPostCopy())
                .isPresent();
        if (waits) {
            tell(Change.Kind.LET_COPY_GO, domain, () -> connection.letGoOfCopy(domain));
        } else {
            connection.letGoOfCopy(domain);
        }
    }

    @Override
    public void resumeDomain(UUID domain) {
        tell(Change.Kind.RESUME, domain, () -> connection.resumeDomain(domain));
    }

    @Override
    public void destroyDomain(UUID domain) {
        tell(Change.Kind.DESTROY, domain, () -> connection.destroyDomain(domain));
    }

    @Override
    public void suspendDomain(UUID domain) {
        tell(Change.Kind.SUSPEND, domain, () -> connection.suspendDomain(domain));
    }

    @Override
    public void persistDomain(UUID domain) {
        tell(Change.Kind.DEFINE, domain, () -> connection.persistDomain(domain));
    }

    @Override
    public void undefineDomain(UUID domain) {
        tell(Change.Kind.UNDEFINE, domain, () -> connection.undefineDomain(domain));
    }

    @Override
    public Subscription subscribe(Consumer<HypervisorEvent> listener) {
        return connection.subscribe(new UnreliableEvents(world, controller, listener));
    }

    @Override
    public void close() {
        if (controller.isAlive()) {
            connection.close();
        }
    }
}
