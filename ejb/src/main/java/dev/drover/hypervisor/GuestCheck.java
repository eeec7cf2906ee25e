package dev.drover.hypervisor;

import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What goes with one domain and not with another. */
record GuestCheck(Domain guest) {

    static boolean isNeeded(Set<MigrateFlag> flags, MigrateParams params) {
        return flags.contains(MigrateFlag.OFFLINE)
                || losesDefinition(flags)
                || params.string(MigrateParam.DESTINATION_XML).isPresent()
                || params.string(MigrateParam.PERSISTENT_XML).isPresent();
    }

    private static boolean losesDefinition(Set<MigrateFlag> flags) {
        return flags.contains(MigrateFlag.UNDEFINE_SOURCE) && !flags.contains(MigrateFlag.PERSIST_DEST);
    }

    Stream<Failure> faults(Set<MigrateFlag> flags, MigrateParams params) {
        return Stream.of(
                        running(flags),
                        undefined(flags),
                        GuestXml.fault(MigrateParam.DESTINATION_XML, params, guest),
                        GuestXml.fault(MigrateParam.PERSISTENT_XML, params, guest))
                .flatMap(Optional::stream);
    }

    // libvirt lets it through and leaves a second definition on the destination (LIBVIRT.md)
    private Optional<Failure> running(Set<MigrateFlag> flags) {
        return flags.contains(MigrateFlag.OFFLINE) && guest.status().isActive()
                ? Optional.of(Failure.of(
                        FailureCode.OPERATION_INVALID,
                        "flags: OFFLINE is for a domain that does not run, but '" + guest.name()
                                + "' does; leave it out"))
                : Optional.empty();
    }

    private Optional<Failure> undefined(Set<MigrateFlag> flags) {
        return losesDefinition(flags) && guest.persistent()
                ? Optional.of(Failure.of(
                        FailureCode.INVALID_ARGUMENT,
                        "flags: UNDEFINE_SOURCE without PERSIST_DEST would leave '" + guest.name()
                                + "' defined nowhere, gone when it is shut down; add PERSIST_DEST"))
                : Optional.empty();
    }
}
