package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.ArgumentCheck;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.ConnectUri;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Starts migrations from one host to another. What the two hosts themselves say against one is refused before it begins; the
 * arguments must have passed the check already.
 */
final class MigrationStart {

    private final LibvirtConnection source;
    private final LibvirtConnection target;

    MigrationStart(LibvirtConnection source, LibvirtConnection target) {
        this.source = source;
        this.target = target;
    }

    LibvirtMigration peerToPeer(
            UUID domain,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params) {
        PeerToPeer call = PeerToPeer.of(source.uri(), target.uri(), flags, dname, dataHost(hostname, params), params);
        DomainRef ref = movable(domain, flags, params, call.params());
        return LibvirtMigration.peerToPeer(source, ref, target, call);
    }

    LibvirtMigration managed(
            UUID domain,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params) {
        ManagedCall call = ManagedCall.of(source.uri(), target.uri(), target::hostname, flags, dname, hostname, params);
        DomainRef ref = movable(domain, flags, params, call.params());
        // a destination that is gone is found out before the source is asked
        target.ping();
        boolean goesOn = call.flags().contains(MigrateFlag.POSTCOPY_RESUME);
        if (!goesOn) {
            clearStaleHold(ref);
        }
        LibvirtConnection driving = source.openAnother();
        try {
            // a broken post-copy that goes on has its copy already, and that stays held if it was
            Optional<HeldCopy> held = call.flags().contains(MigrateFlag.POSTCOPY) && !goesOn
                    ? target.holding().map(way -> way.open(domain))
                    : Optional.empty();
            return LibvirtMigration.managed(source, driving, ref, target, held, call);
        } catch (HypervisorException e) {
            driving.close();
            throw e;
        }
    }

    private DomainRef movable(UUID domain, Set<MigrateFlag> flags, MigrateParams asked, MigrateParams onTheWire) {
        ConnectUri from = source.uri();
        DomainRef ref = Waiting.on(source.calls().domainLookupByUuid(domain));
        new ArgumentCheck(source.migrationSupport())
                .checkWith(
                        () -> source.findDomain(domain)
                                .orElseThrow(() -> new HypervisorException(
                                        FailureCode.NO_DOMAIN, "domain: " + domain + " is not on " + from)),
                        flags,
                        asked);
        refuseSameHost();
        source.guard().check(source, ref, target, onTheWire);
        return ref;
    }

    // two URIs may lead to one host, and libvirt's Xen driver would begin
    private void refuseSameHost() {
        HostIdentity there = target.identity();
        if (source.identity().isSameAs(there)) {
            throw new HypervisorException(
                    FailureCode.INVALID_ARGUMENT,
                    "destination: " + target.uri() + " leads to " + there.hostname() + ", as the source's "
                            + source.uri() + " does; name another host");
        }
    }

    // What an earlier migration left held would hold the new copy before its time. It is stale where the guest plainly
    // runs here; where it does not, the copy that is held may be all that there is of it.
    private void clearStaleHold(DomainRef domain) {
        if (source.holding().filter(way -> way.hasAnywhere(domain.uuid())).isEmpty()) {
            return;
        }
        DomainStatus status = Waiting.on(source.status(domain));
        if (!status.isRunning() || status.isPostCopy()) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID,
                    "domain: a copy of '" + domain.name() + "' is held on another host since a migration that has not "
                            + "ended, and it does not run on " + source.uri()
                            + "; see what became of that one, and let it run there or recover it first");
        }
        target.letGoOfCopy(domain.uuid());
    }

    // a forwarded port leads to the daemon, not to where the data goes
    private @Nullable String dataHost(@Nullable String hostname, MigrateParams params) {
        boolean forwarded = target.uri().host().filter(ModeRule::isLoopback).isPresent();
        return hostname == null
                        && forwarded
                        && params.number(MigrateParam.XEN_PORT).isPresent()
                ? target.hostname()
                : hostname;
    }
}
