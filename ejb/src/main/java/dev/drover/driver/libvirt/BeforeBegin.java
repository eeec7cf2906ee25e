package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.hypervisor.HypervisorException;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be known before the first step of a managed migration. On Xen a step that fails after it leaves a job on the source
 * that nothing but a restart of the daemon there ends (LIBVIRT.md), so there whatever would fail is refused here.
 */
final class BeforeBegin {

    private static final Pattern XEN_URI =
            Pattern.compile("(?:tcp://)?(?:\\[[0-9A-Fa-f:.]+]|[^\\[\\]/:]+)(?::(\\d+))?/?");

    private BeforeBegin() {}

    /** @throws HypervisorException that names what would fail; nothing has been asked of the source then */
    static void check(LibvirtConnection source, LibvirtConnection destination, DomainRef domain, ManagedCall call) {
        // also proves that it answers
        Optional<Domain> there = destination.findDomain(domain.uuid());
        if (!source.uri().driver().equals("xen")) {
            return;
        }
        refuseXenUri(call.params().string(MigrateParam.MIGRATE_URI));
        if (there.isPresent()) {
            throw new HypervisorException(
                    FailureCode.OPERATION_INVALID,
                    "destination: " + destination.uri() + " has '" + there.get().name()
                            + "' under the same UUID; remove it there first");
        }
        if (!call.flags().contains(MigrateFlag.OFFLINE)) {
            long needed =
                    source.findDomain(domain.uuid()).map(Domain::memoryMiB).orElse(0L);
            refuseTooLittle(destination, domain, needed);
        }
    }

    static void refuseXenUri(Optional<String> uri) {
        if (uri.isEmpty()) {
            return;
        }
        Matcher parts = XEN_URI.matcher(uri.get());
        boolean port = parts.matches() && (parts.group(1) == null || isPort(parts.group(1)));
        if (!port) {
            throw new HypervisorException(
                    FailureCode.INVALID_ARGUMENT,
                    "migrate_uri: '" + uri.get() + "' is not what Xen understands; give host, host:port or "
                            + "tcp://host:port with a port of 1..65535");
        }
    }

    private static boolean isPort(String digits) {
        return digits.length() <= 5 && Integer.parseInt(digits) >= 1 && Integer.parseInt(digits) <= 65535;
    }

    private static void refuseTooLittle(LibvirtConnection destination, DomainRef domain, long neededMiB) {
        long freeMiB = destination.freeMemoryMiB();
        if (freeMiB < neededMiB) {
            throw new HypervisorException(
                    FailureCode.INSUFFICIENT_MEMORY,
                    "destination: " + destination.uri() + " has " + freeMiB + " MiB free, '" + domain.name()
                            + "' needs " + neededMiB + "; choose another host");
        }
    }
}
