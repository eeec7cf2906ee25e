package dev.drover.hypervisor;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of post-copy in a migration that this client drives. Its destination keeps the copy only as long as the
 * connection lasts that had it made, and from the switch on the source's copy is no use alone (src/docs/adr/0013).
 */
public enum ManagedPostCopy {
    /** There is none. */
    REFUSED,
    /** A process of its own holds that connection when this one dies. */
    HELD;

    /** Name of the system property that says which. */
    public static final String PROPERTY = "drover.migration.managed-post-copy";

    /**
     * What the operator has set; {@link #REFUSED} when nothing.
     *
     * @throws FailureException {@link FailureCode#INVALID_ARGUMENT} for any other text
     */
    public static ManagedPostCopy ofSystem() {
        return ofText(System.getProperty(PROPERTY));
    }

    static ManagedPostCopy ofText(@Nullable String text) {
        String wanted = text == null ? REFUSED.name() : text.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(each -> each.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        FailureCode.INVALID_ARGUMENT, PROPERTY + ": '" + text + "' must be refused or held"));
    }
}
