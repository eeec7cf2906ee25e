package dev.drover.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import org.junit.jupiter.api.Test;

class ManagedPostCopyTest {

    @Test
    void thereIsNoneUnlessSomebodyHasSetIt() {
        assertEquals(ManagedPostCopy.REFUSED, ManagedPostCopy.ofText(null));
        assertEquals(ManagedPostCopy.REFUSED, ManagedPostCopy.ofText("refused"));
        assertEquals(ManagedPostCopy.HELD, ManagedPostCopy.ofText(" Held "));
    }

    @Test
    void anythingElseIsRefusedByName() {
        FailureException refused = assertThrows(FailureException.class, () -> ManagedPostCopy.ofText("yes"));
        assertEquals(FailureCode.INVALID_ARGUMENT, refused.failure().code());
        assertTrue(refused.failure().message().startsWith(ManagedPostCopy.PROPERTY + ": 'yes'"), refused::getMessage);
    }
}
