package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import dev.drover.model.Domain;
import dev.drover.model.DomainStatus;
import dev.drover.model.FailureCode;
import dev.drover.model.MigrateFlag;
import dev.drover.model.MigrateParam;
import dev.drover.model.MigrateParams;
import dev.drover.model.ParamValue.StringValue;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What depends on the domain, where the contract has no such domain. */
class GuestCheckTest {

    private static final UUID ID = UUID.fromString("11111111-2222-3333-4444-555555555555");
    private static final Set<MigrateFlag> UNDEFINED = Set.of(MigrateFlag.LIVE, MigrateFlag.UNDEFINE_SOURCE);

    private final ArgumentCheck check = new ArgumentCheck(MigrationSupport.none("any", Optional.empty()));

    private static Domain guest(boolean persistent) {
        return new Domain(ID, "web", DomainStatus.running(), 64, 1, persistent);
    }

    @Test
    void domainIsNotAskedForWithoutNeed() {
        assertDoesNotThrow(() -> check.checkWith(() -> fail("asked"), Set.of(MigrateFlag.LIVE), MigrateParams.none()));
    }

    @Test
    void definitionIsNeverLostByTheWay() {
        var refused = assertThrows(
                HypervisorException.class, () -> check.checkWith(() -> guest(true), UNDEFINED, MigrateParams.none()));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
        assertDoesNotThrow(() -> check.checkWith(() -> guest(false), UNDEFINED, MigrateParams.none()));
        assertDoesNotThrow(() -> check.checkWith(
                () -> guest(true),
                Set.of(MigrateFlag.UNDEFINE_SOURCE, MigrateFlag.PERSIST_DEST),
                MigrateParams.none()));
    }

    @Test
    void xmlOfTheDomainItselfIsLetThroughHoweverItsUuidIsWritten() {
        String xml = "<domain type='kvm'><metadata><name>x</name></metadata>\n<name>web</name>"
                + "<uuid>11111111222233334444555555555555</uuid><devices><disk><name>y</name></disk></devices></domain>";
        MigrateParams params = MigrateParams.none().with(MigrateParam.DESTINATION_XML, new StringValue(xml));
        assertDoesNotThrow(() -> check.checkWith(() -> guest(true), Set.of(MigrateFlag.LIVE), params));
    }
}
