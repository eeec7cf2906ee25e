package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import java.util.Locale;
import java.util.Optional;

/**
 * libvirt's Xen driver begins first and looks at the destination then. When that refuses, a managed migration leaves a job
 * that never ends, and a peer-to-peer one a guest that runs while libvirt calls it paused (LIBVIRT.md).
 */
final class XenGuard implements MigrationGuard {

    @Override
    public void check(LibvirtConnection source, DomainRef domain, LibvirtConnection target, MigrateParams params) {
        checkUri(params.string(MigrateParam.MIGRATE_URI), target);
        checkDomain(source, domain);
        String name = params.string(MigrateParam.DESTINATION_NAME).orElse(domain.name());
        target.findDomain(name).ifPresent(there -> checkTaken(domain, there, target));
        target.findDomain(domain.uuid()).ifPresent(there -> checkTaken(domain, there, target));
    }

    private static void checkUri(Optional<String> uri, LibvirtConnection target) {
        if (uri.isEmpty()) {
            String hostname = target.hostname();
            if (hostname.toLowerCase(Locale.ROOT).startsWith("localhost")) {
                throw new HypervisorException(
                        FailureCode.HYPERVISOR_ERROR,
                        "destination: " + target.uri() + " calls itself " + hostname
                                + ", where the source would reach itself; give it a name of its own, or give hostname");
            }
            return;
        }
        BeforeBegin.refuseXenUri(uri);
    }

    private static void checkDomain(LibvirtConnection source, DomainRef domain) {
        if (XenInventory.isDomain0(domain.uuid())) {
            throw invalid("domain: " + domain.name() + " is the host itself and cannot leave it");
        }
        DomainState state = source.findDomain(domain.uuid())
                .map(found -> found.status().state())
                .orElse(DomainState.SHUTOFF);
        // a paused one fails after more than a minute
        if (state != DomainState.RUNNING && state != DomainState.BLOCKED) {
            throw invalid("domain: '" + domain.name() + "' on " + source.uri() + " is "
                    + state.name().toLowerCase(Locale.ROOT) + ", and Xen moves a running domain only");
        }
        // libvirt itself would wait 30 s for the other job's end, then refuse
        if (source.isBusy(domain)) {
            throw invalid("domain: '" + domain.name() + "' on " + source.uri()
                    + " is being migrated or changed already; wait for the end of that");
        }
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

    private static HypervisorException invalid(String message) {
        return new HypervisorException(FailureCode.OPERATION_INVALID, message);
    }
}
