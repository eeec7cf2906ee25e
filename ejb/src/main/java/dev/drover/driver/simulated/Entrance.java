package dev.drover.driver.simulated;

import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.util.Optional;

/** Whether a host lets a guest in, with libvirt's own numbers for its refusals. */
final class Entrance {

    private Entrance() {}

    static Optional<Failure> refusal(SimulatedNode node, SimulatedDomain guest, String name) {
        for (SimulatedDomain there : node.copies()) {
            boolean sameUuid = there.uuid().equals(guest.uuid());
            boolean sameName = there.name().equals(name);
            if (sameUuid != sameName) {
                return refuse(
                        FailureCode.OPERATION_FAILED,
                        "domain '" + there.name() + "' already exists on " + node.name() + " with uuid "
                                + there.uuid());
            }
            if (sameUuid && there.status().isActive()) {
                return refuse(
                        FailureCode.OPERATION_INVALID, "domain '" + name + "' is already active on " + node.name());
            }
        }
        return node.hasRoomFor(guest)
                ? Optional.empty()
                : refuse(
                        FailureCode.HYPERVISOR_ERROR,
                        node.name() + " cannot allocate " + guest.memoryMiB() + " MiB for '" + name + "'");
    }

    private static Optional<Failure> refuse(FailureCode code, String message) {
        return Optional.of(Failure.of(code, message));
    }
}
