package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.hypervisor.MigrationSupport.Verb;
import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue;
import dev.drover.model.ParamValue.IntValue;
import dev.drover.model.ParamValue.LongValue;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.TypedParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every driver accepts and refuses, alike and before anything has changed. Drivers differ only where their support
 * says so: there the code is that of what is missing.
 */
abstract class ArgumentsContract extends DriverFixture {

    private static final String CASES = "dev.drover.hypervisor.ArgumentCases#";

    @Test
    void unknownDomainIsRefused() {
        HypervisorException refused = assertThrows(HypervisorException.class, () -> source().startMigration(
                        new UUID(3, 4), destination(), LIVE, null, null, MigrateParams.none()));
        assertEquals(FailureCode.NO_DOMAIN, refused.failure().code());
    }

    @Test
    void sourceAsDestinationIsRefused() throws Exception {
        Domain guest = guestForRefusals();
        HypervisorException refused = assertThrows(HypervisorException.class, () -> source().startMigration(
                        guest.uuid(), anotherToSource(), LIVE, null, null, MigrateParams.none()));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
    }

    @ParameterizedTest(name = "flag {0}")
    @MethodSource(CASES + "flags")
    void flagIsAcceptedWhereItIsSupported(MigrateCall call) throws Exception {
        acceptedOrRefusedAsMissing(call);
    }

    @ParameterizedTest(name = "param {0}")
    @MethodSource(CASES + "params")
    void paramIsAcceptedWhereItIsSupported(MigrateCall call) throws Exception {
        acceptedOrRefusedAsMissing(call);
    }

    @ParameterizedTest(name = "call {0}")
    @MethodSource(CASES + "accepted")
    void soundCallIsAcceptedWhereItIsSupported(MigrateCall call) throws Exception {
        acceptedOrRefusedAsMissing(call);
    }

    private void acceptedOrRefusedAsMissing(MigrateCall call) throws Exception {
        MigrationSupport support = source().migrationSupport();
        Optional<FailureCode> missing = missing(call, support);
        if (missing.isPresent()) {
            String message = assertRefused(missing.get(), call);
            assertTrue(message.contains(support.hypervisor()), message);
        } else {
            assertDoesNotThrow(
                    () -> new ArgumentCheck(support).check(call.flags(), call.dname(), call.hostname(), call.params()));
        }
    }

    // what a method or a scheme is missing, is an argument's value and not an argument
    private static Optional<FailureCode> missing(MigrateCall call, MigrationSupport support) {
        Optional<FailureCode> missing = call.missing(support);
        boolean unixOrRdma =
                call.params().string(MigrateParam.MIGRATE_URI).stream().anyMatch(uri -> !uri.startsWith("tcp:"));
        boolean known = (!unixOrRdma || support.dataSchemes().contains("unix"))
                && (!call.line().contains("fd00::") || support.can(Verb.DATA_OVER_IPV6));
        return missing.isPresent() || known ? missing : Optional.of(FailureCode.INVALID_ARGUMENT);
    }

    @ParameterizedTest(name = "{1} gives {0}")
    @MethodSource(CASES + "refused")
    void wrongArgumentIsRefusedAndChangesNothing(FailureCode code, MigrateCall call) throws Exception {
        assertRefused(call.missing(source().migrationSupport()).orElse(code), call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource(CASES + "effectless")
    void paramWithoutItsFlagIsRefused(MigrateCall call) throws Exception {
        assertRefused(call.missing(source().migrationSupport()).orElse(FailureCode.INVALID_ARGUMENT), call);
    }

    @ParameterizedTest(name = "{0} of another type")
    @MethodSource(CASES + "params")
    void wrongTypeIsRefused(MigrateCall call) throws Exception {
        List<TypedParameter> list = new ArrayList<>(call.params().list());
        TypedParameter right = list.get(0);
        ParamValue wrong = right.value() instanceof StringValue ? new IntValue(1) : new StringValue("1");
        list.set(0, new TypedParameter(right.name(), wrong));
        MigrateCall typed = call.with(list);
        assertRefused(typed.missing(source().migrationSupport()).orElse(FailureCode.INVALID_ARGUMENT), typed);
    }

    @ParameterizedTest(name = "{0} twice")
    @MethodSource(CASES + "params")
    void sameParamTwiceIsRefused(MigrateCall call) throws Exception {
        List<TypedParameter> list = new ArrayList<>(call.params().list());
        list.add(list.get(0));
        MigrateCall twice = call.with(list);
        assertRefused(twice.missing(source().migrationSupport()).orElse(FailureCode.INVALID_ARGUMENT), twice);
    }

    @ParameterizedTest(name = "{0} as a long")
    @EnumSource(
            value = MigrateParam.class,
            names = {"BANDWIDTH", "PARALLEL_CONNECTIONS", "DISKS_PORT"})
    void numberOfAnotherWidthIsRefused(MigrateParam param) throws Exception {
        MigrateCall call = MigrateCall.of("LIVE").with(List.of(new TypedParameter(param.key(), new LongValue(1))));
        assertRefused(call.missing(source().migrationSupport()).orElse(FailureCode.INVALID_ARGUMENT), call);
    }

    @Test
    void limitOnXensParameterIsRefusedWhereNothingCanBeLimited() throws Exception {
        MigrationSupport support = source().migrationSupport();
        MigrateCall call = MigrateCall.of("LIVE | XEN_RESOURCE=long:100");
        Optional<FailureCode> missing = call.missing(support);
        if (missing.isEmpty() && support.can(Verb.BANDWIDTH)) {
            assertDoesNotThrow(() -> new ArgumentCheck(support).check(call.flags(), null, null, call.params()));
        } else {
            assertRefused(missing.orElse(FailureCode.ARGUMENT_UNSUPPORTED), call);
        }
    }

    @ParameterizedTest(name = "migrate_uri = {0}")
    @CsvSource({"xenmigr://h2/", "ssh://h2", "http://h2:1"})
    void schemeOfAnotherHypervisorIsRefused(String uri) throws Exception {
        MigrationSupport support = source().migrationSupport();
        MigrateCall call = MigrateCall.of("LIVE | migrate_uri=" + uri);
        FailureCode code =
                support.dataSchemes().size() > 1 ? FailureCode.ARGUMENT_UNSUPPORTED : FailureCode.INVALID_ARGUMENT;
        assertRefused(call.missing(support).orElse(code), call);
    }

    @ParameterizedTest(name = "{0} = {1} gives {2}")
    @CsvSource({
        "DESTINATION_XML, garbage, XML_MALFORMED",
        "DESTINATION_XML, <domain><name>NAME</name>, XML_MALFORMED",
        "DESTINATION_XML, <!DOCTYPE domain [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><domain><name>&a;</name></domain>,"
                + " XML_MALFORMED",
        "DESTINATION_XML, <network><name>NAME</name></network>, XML_ERROR",
        "DESTINATION_XML, <domain/>, CONFIGURATION_UNSUPPORTED",
        "DESTINATION_XML, <domain><name>another</name></domain>, CONFIGURATION_UNSUPPORTED",
        "DESTINATION_XML, <domain><name>NAME</name><uuid>00000000-0000-0000-0000-000000000001</uuid></domain>,"
                + " CONFIGURATION_UNSUPPORTED",
        "PERSISTENT_XML, garbage, XML_MALFORMED",
        "PERSISTENT_XML, <domain><name>another</name></domain>, CONFIGURATION_UNSUPPORTED",
        "PERSISTENT_XML, <domain><name>NAME</name><uuid>00000000-0000-0000-0000-000000000001</uuid></domain>,"
                + " CONFIGURATION_UNSUPPORTED"
    })
    void xmlOfAnotherDomainIsRefused(MigrateParam param, String xml, FailureCode code) throws Exception {
        String own = xml.replace("NAME", guestForRefusals().name());
        MigrateCall call = MigrateCall.of("LIVE PERSIST_DEST")
                .with(List.of(new TypedParameter(param.key(), new StringValue(own))));
        assertRefused(call.missing(source().migrationSupport()).orElse(code), call);
    }

    @Test
    void peerToPeerFlagContradictsTheManagedMode() throws Exception {
        Domain guest = guestForRefusals();
        boolean managed = source().migrationSupport().modes().contains(MigrationMode.MANAGED);
        assertUnchanged(
                managed ? FailureCode.INVALID_ARGUMENT : FailureCode.NO_SUPPORT, guest, () -> source().startMigration(
                                guest.uuid(),
                                destination(),
                                Set.of(MigrateFlag.LIVE, MigrateFlag.PEER2PEER),
                                null,
                                null,
                                MigrateParams.none(),
                                MigrationMode.MANAGED));
    }

    private String assertRefused(FailureCode code, MigrateCall call) throws Exception {
        Domain guest = guestForRefusals();
        return assertUnchanged(
                code, guest, () -> start(guest, call.flags(), call.dname(), call.hostname(), call.params()));
    }

    private String assertUnchanged(FailureCode code, Domain guest, Executable start) {
        List<Domain> there = destination().domains();
        HypervisorException refused = assertThrows(HypervisorException.class, start);
        String message = refused.failure().message();
        assertEquals(code, refused.failure().code(), message);
        assertTrue(message.matches("(?s)(flags|dname|hostname|params|mode): .*"), message);
        assertEquals(Optional.of(guest), source().findDomain(guest.uuid()));
        assertEquals(there, destination().domains());
        assertTrue(source().findMigration(guest.uuid(), destination()).isEmpty());
        return message;
    }
}
