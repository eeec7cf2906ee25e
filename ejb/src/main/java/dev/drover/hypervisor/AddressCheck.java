package dev.drover.hypervisor;

import dev.drover.hypervisor.ArgumentCheck.Arguments;
import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.DataAddress;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.TextShape;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the data goes: hostname, migrate_uri, XEN_PORT and the disks' URI together. */
record AddressCheck(MigrationSupport support) {

    Stream<Failure> faults(Arguments arguments) {
        MigrateParams params = arguments.params();
        String scheme =
                params.string(MigrateParam.MIGRATE_URI).map(TextShape::scheme).orElse("");
        return Stream.of(
                        schemeFault(scheme),
                        v6Fault("hostname: ", arguments.hostname()),
                        v6Fault(
                                "params: 'migrate_uri': ",
                                params.string(MigrateParam.MIGRATE_URI)
                                        .map(uri ->
                                                uri.replaceFirst("^[^/]*//", "").replaceFirst("/$", ""))
                                        .orElse(null)),
                        diskSchemeFault(params),
                        twoPorts(arguments.hostname(), params),
                        unixFault(scheme, arguments),
                        pinFault(scheme, arguments))
                .flatMap(Optional::stream);
    }

    private Optional<Failure> schemeFault(String scheme) {
        return scheme.isEmpty() || support.dataSchemes().contains(scheme)
                ? Optional.empty()
                : refused(
                        // libvirt's Xen driver takes any other scheme for a host's name
                        support.dataSchemes().size() > 1
                                ? FailureCode.ARGUMENT_UNSUPPORTED
                                : FailureCode.INVALID_ARGUMENT,
                        "'migrate_uri': " + support.label() + " does not send by '" + scheme + "'; it sends by "
                                + support.dataSchemes());
    }

    private Optional<Failure> v6Fault(String argument, @Nullable String address) {
        boolean v6 = address != null
                && DataAddress.parse(address)
                        .filter(parsed -> parsed.host().contains(":"))
                        .isPresent();
        return v6 && !support.can(Verb.DATA_OVER_IPV6)
                ? Optional.of(Failure.of(
                        FailureCode.INVALID_ARGUMENT,
                        argument + support.label() + " does not support " + address
                                + ", an address of IPv6; give a name or an address of IPv4"))
                : Optional.empty();
    }

    private static Optional<Failure> diskSchemeFault(MigrateParams params) {
        return params.string(MigrateParam.DISKS_URI)
                .map(TextShape::scheme)
                .filter(scheme -> !scheme.equals("tcp") && !scheme.equals("unix"))
                .flatMap(scheme -> refused(
                        FailureCode.INVALID_ARGUMENT, "'disks_uri': disks go by tcp or unix, not by '" + scheme + "'"));
    }

    private static Optional<Failure> twoPorts(@Nullable String hostname, MigrateParams params) {
        boolean port = params.string(MigrateParam.XEN_PORT).isPresent();
        boolean another = hostname != null
                && DataAddress.parse(hostname).flatMap(DataAddress::port).isPresent();
        return port && another
                ? refused(
                        FailureCode.INVALID_ARGUMENT,
                        "'XEN_PORT': hostname '" + hostname + "' names a port too; leave one of them out")
                : Optional.empty();
    }

    private static Optional<Failure> unixFault(String scheme, Arguments arguments) {
        if (!scheme.equals("unix")) {
            return Optional.empty();
        }
        if (arguments.params().string(MigrateParam.LISTEN_ADDRESS).isPresent()) {
            return refused(
                    FailureCode.INVALID_ARGUMENT,
                    "'listen_address' excludes a migrate_uri of unix://, which names where to listen itself");
        }
        boolean disks = arguments.flags().contains(MigrateFlag.NON_SHARED_DISK)
                || arguments.flags().contains(MigrateFlag.NON_SHARED_INC);
        return disks && arguments.params().string(MigrateParam.DISKS_URI).isEmpty()
                ? refused(
                        FailureCode.INVALID_ARGUMENT,
                        "'migrate_uri' of unix:// has no room for the disks; add 'disks_uri'")
                : Optional.empty();
    }

    private static Optional<Failure> pinFault(String scheme, Arguments arguments) {
        return arguments.flags().contains(MigrateFlag.RDMA_PIN_ALL) && !scheme.equals("rdma")
                ? Optional.of(Failure.of(
                        FailureCode.INVALID_ARGUMENT,
                        "flags: RDMA_PIN_ALL has no effect without a migrate_uri of rdma://; add that or leave the flag "
                                + "out"))
                : Optional.empty();
    }

    private static Optional<Failure> refused(FailureCode code, String why) {
        return Optional.of(Failure.of(code, "params: " + why));
    }
}
