package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.drover.model.Domain;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.IntValue;
import dev.drover.model.ParamValue.LongValue;
import dev.drover.model.ParamValue.StringValue;
import dev.drover.model.ParamValue.ULongValue;
import dev.drover.model.TypedParameter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every driver refuses, alike and before anything has changed. */
abstract class ArgumentsContract extends DriverFixture {

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

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal("empty dname", LIVE, "", null, none(), FailureCode.INVALID_ARGUMENT),
                refusal("blank dname", LIVE, " ", null, none(), FailureCode.INVALID_ARGUMENT),
                refusal("empty hostname", LIVE, null, "", none(), FailureCode.INVALID_ARGUMENT),
                refusal(
                        "dname twice",
                        LIVE,
                        "a",
                        null,
                        params("destination_name", new StringValue("b")),
                        FailureCode.INVALID_ARGUMENT),
                refusal("unknown parameter", LIVE, null, null, params("x", new LongValue(1)), FailureCode.NO_SUPPORT),
                refusal(
                        "unknown Xen parameter",
                        LIVE,
                        null,
                        null,
                        params("XEN_SPEED", new LongValue(1)),
                        FailureCode.NO_SUPPORT),
                refusal(
                        "text for a number",
                        LIVE,
                        null,
                        null,
                        params("bandwidth", new StringValue("1")),
                        FailureCode.INVALID_ARGUMENT),
                refusal(
                        "int for an ullong",
                        LIVE,
                        null,
                        null,
                        params("bandwidth", new IntValue(1)),
                        FailureCode.INVALID_ARGUMENT),
                refusal(
                        "number for a text",
                        LIVE,
                        null,
                        null,
                        params("destination_name", new ULongValue(1)),
                        FailureCode.INVALID_ARGUMENT),
                refusal(
                        "empty parameter",
                        LIVE,
                        null,
                        null,
                        params("destination_name", new StringValue("")),
                        FailureCode.INVALID_ARGUMENT),
                refusal(
                        "parameter twice",
                        LIVE,
                        null,
                        null,
                        MigrateParams.of(
                                new TypedParameter("bandwidth", new ULongValue(1)),
                                new TypedParameter("bandwidth", new ULongValue(2))),
                        FailureCode.INVALID_ARGUMENT));
    }

    private static Arguments refusal(
            String name,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            FailureCode code) {
        return Arguments.of(name, flags, dname, hostname, params, code);
    }

    @ParameterizedTest(name = "{0} gives {5}")
    @MethodSource("refusals")
    void wrongArgumentIsRefusedAndChangesNothing(
            String name,
            Set<MigrateFlag> flags,
            @Nullable String dname,
            @Nullable String hostname,
            MigrateParams params,
            FailureCode code)
            throws Exception {
        Domain guest = guestForRefusals();
        List<Domain> there = destination().domains();
        HypervisorException refused =
                assertThrows(HypervisorException.class, () -> start(guest, flags, dname, hostname, params), name);

        assertEquals(code, refused.failure().code(), refused.failure().message());
        assertEquals(Optional.of(guest), source().findDomain(guest.uuid()));
        assertEquals(there, destination().domains());
        assertTrue(source().findMigration(guest.uuid(), destination()).isEmpty());
    }

    @ParameterizedTest
    @MethodSource("allFlags")
    void unsupportedFlagIsRefused(MigrateFlag flag) throws Exception {
        assumeTrue(!source().migrationSupport().flags().contains(flag));
        Domain guest = guestForRefusals();
        HypervisorException refused = assertThrows(
                HypervisorException.class, () -> start(guest, Set.of(flag), null, null, MigrateParams.none()));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
        assertTrue(
                refused.failure().message().contains(flag.name()),
                refused.failure().message());
    }

    static Stream<MigrateFlag> allFlags() {
        return Stream.of(MigrateFlag.values());
    }
}
