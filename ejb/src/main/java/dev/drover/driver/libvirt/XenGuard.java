package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.JobStatsReply;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * libvirt's Xen driver begins first and looks at the destination then. When that refuses, a managed migration leaves a job
 * that no other client can end, and a peer-to-peer one a guest that runs while libvirt calls it paused (LIBVIRT.md, ADR 11).
 */
final class XenGuard implements MigrationGuard {

    // between Begin and Prepare lies one call; a job that old with nothing on the destination will never get there
    private static final Duration LEFT_BEHIND_AFTER = Duration.ofMinutes(2);

    @Override
    public boolean beginStartsJob() {
        return true;
    }

    @Override
    public boolean mayBeLeftBehind(JobStatsReply job) {
        return JobStatsReader.isActive(job)
                && JobStatsReader.read(job).elapsed().compareTo(LEFT_BEHIND_AFTER) > 0;
    }

    @Override
    public void check(LibvirtConnection source, DomainRef domain, LibvirtConnection target, MigrateParams params) {
        Optional<String> uri = params.string(MigrateParam.MIGRATE_URI);
        uri.map(XenDataUri::parse).ifPresent(address -> XenDataUri.refuseForeign(address, source, target));
        if (uri.isEmpty()) {
            refuseNameless(target);
        }
        Domain moving = checkDomain(source, domain, target);
        String name = params.string(MigrateParam.DESTINATION_NAME).orElse(domain.name());
        target.findDomain(name).ifPresent(there -> checkTaken(domain, there, target));
        target.findDomain(domain.uuid()).ifPresent(there -> checkTaken(domain, there, target));
        refuseTooLittle(target, moving);
    }

    // without a URI the destination gives its own name, which the source resolves
    private static void refuseNameless(LibvirtConnection target) {
        String hostname = target.hostname();
        if (hostname.toLowerCase(Locale.ROOT).startsWith("localhost")) {
            throw new HypervisorException(
                    FailureCode.HYPERVISOR_ERROR,
                    "destination: " + target.uri() + " calls itself " + hostname
                            + ", where the source would reach itself; give it a name of its own, or give hostname");
        }
    }

    private static Domain checkDomain(LibvirtConnection source, DomainRef domain, LibvirtConnection target) {
        if (XenInventory.isDomain0(domain.uuid())) {
            throw invalid("domain: " + domain.name() + " is the host itself and cannot leave it");
        }
        Optional<Domain> found = source.findDomain(domain.uuid());
        DomainState state = found.map(there -> there.status().state()).orElse(DomainState.SHUTOFF);
        // a paused one fails after more than a minute
        if (state != DomainState.RUNNING && state != DomainState.BLOCKED) {
            throw invalid("domain: '" + domain.name() + "' on " + source.uri() + " is "
                    + state.name().toLowerCase(Locale.ROOT) + ", and Xen moves a running domain only");
        }
        source.refuseStuck(domain, target);
        // libvirt itself would wait 30 s for the other job's end, then refuse
        if (source.isBusy(domain)) {
            throw invalid("domain: '" + domain.name() + "' on " + source.uri()
                    + " is being migrated or changed already; wait for the end of that");
        }
        return found.orElseThrow();
    }

    private static void checkTaken(DomainRef domain, Domain there, LibvirtConnection target) {
        boolean same = there.uuid().equals(domain.uuid());
        if (same && there.status().isActive()) {
            throw invalid("destination: " + target.uri() + " runs '" + there.name() + "' (UUID " + there.uuid()
                    + ") already; find out which copy is the right one");
        }
        if (!same || !there.name().equals(domain.name())) {
            throw new HypervisorException(
                    FailureCode.OPERATION_FAILED,
                    "destination: " + target.uri() + " has '" + there.name() + "' with UUID " + there.uuid()
                            + " already, and '" + domain.name() + "' has UUID " + domain.uuid()
                            + "; rename or remove one of them");
        }
    }

    private static void refuseTooLittle(LibvirtConnection target, Domain moving) {
        long freeMiB = target.freeMemoryMiB();
        if (freeMiB < moving.memoryMiB()) {
            throw new HypervisorException(
                    FailureCode.INSUFFICIENT_MEMORY,
                    "destination: " + target.uri() + " has " + freeMiB + " MiB free, '" + moving.name() + "' needs "
                            + moving.memoryMiB() + "; choose another host");
        }
    }

    private static HypervisorException invalid(String message) {
        return new HypervisorException(FailureCode.OPERATION_INVALID, message);
    }
}
