package dev.drover.planner;

import dev.drover.model.ConnectUri;
import dev.drover.model.Domain;
import dev.drover.model.DomainState;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.HostSnapshot;
import java.util.Optional;

/** Whether a domain can leave its host, and whether a target can take it; each refusal says why and what to do. */
final class Preflight {

    private Preflight() {}

    /** What keeps the domain where it is, whatever the target. */
    static Optional<Failure> leaving(Domain domain, HostSnapshot source) {
        if (!domain.status().isRunning()) {
            String state = domain.status().state().name().toLowerCase(java.util.Locale.ROOT);
            String wayOut = domain.status().state() == DomainState.PAUSED
                    ? "resume it or shut it down"
                    : "wait, or shut it down";
            return refuse(
                    FailureCode.NOT_RUNNING,
                    "domain '" + domain.name() + "' on " + source.host().name() + " is " + state
                            + ", and only a running domain migrates live; " + wayOut);
        }
        return Optional.empty();
    }

    /** What keeps the target from taking the domain. */
    static Optional<Failure> entering(Domain domain, HostSnapshot source, Target target) {
        HostSnapshot host = target.host();
        if (!host.isReachable()) {
            return refuse(
                    FailureCode.HOST_OFFLINE,
                    target.name() + " does not answer: "
                            + host.problem().map(Failure::message).orElse("offline"));
        }
        return kinship(source.host().uri(), target)
                .or(() -> identity(domain, target))
                .or(() -> memory(domain, target));
    }

    private static Optional<Failure> kinship(ConnectUri source, Target target) {
        ConnectUri uri = target.host().host().uri();
        if (!uri.driver().equals(source.driver())) {
            return refuse(
                    FailureCode.NOT_MIGRATABLE,
                    target.name() + " runs " + uri.driver() + ", the source " + source.driver()
                            + "; name targets of the same hypervisor");
        }
        if (!uri.isRemote()) {
            return refuse(
                    FailureCode.NOT_MIGRATABLE,
                    target.name() + " is known by the local URI " + uri
                            + ", at which the source cannot reach it; register it with a host name");
        }
        return Optional.empty();
    }

    private static Optional<Failure> identity(Domain domain, Target target) {
        for (Domain there : target.host().domains()) {
            boolean sameUuid = there.uuid().equals(domain.uuid());
            boolean sameName = there.name().equals(domain.name());
            if (sameName && !sameUuid) {
                return refuse(
                        FailureCode.NAME_IN_USE,
                        target.name() + " has another domain named '" + domain.name() + "' (UUID " + there.uuid()
                                + "); rename or remove one of them");
            }
            // an inactive definition under the same name and UUID is what libvirt takes over
            if (sameUuid && (!sameName || there.status().isActive())) {
                return refuse(
                        FailureCode.UUID_IN_USE,
                        target.name() + " has a domain '" + there.name() + "' with the UUID of '" + domain.name()
                                + "' (" + there.uuid() + "); find out which is the right one");
            }
        }
        return Optional.empty();
    }

    private static Optional<Failure> memory(Domain domain, Target target) {
        if (target.freeMiB() >= domain.memoryMiB()) {
            return Optional.empty();
        }
        return refuse(
                FailureCode.INSUFFICIENT_MEMORY,
                target.name() + " has " + Math.max(0, target.freeMiB()) + " MiB of memory left after reservations, '"
                        + domain.name() + "' needs " + domain.memoryMiB() + " MiB; free some or add a target");
    }

    private static Optional<Failure> refuse(FailureCode code, String message) {
        return Optional.of(Failure.of(code, message));
    }
}
