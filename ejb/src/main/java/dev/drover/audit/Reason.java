package dev.drover.audit;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import org.jspecify.annotations.Nullable;

/** What a human has to say, and the audit trail keeps, with a verb that Drover cannot judge. */
public final class Reason {

    private Reason() {}

    /**
     * The text without the blanks around it.
     *
     * @param wanted what it has to say, as in {@code why the record is closed}
     * @throws FailureException {@link FailureCode#INVALID_ARGUMENT} when it is null or blank
     */
    public static String required(@Nullable String text, String wanted) {
        if (text == null || text.isBlank()) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT, "reason: is missing; say " + wanted + ", for the audit trail");
        }
        return text.strip();
    }
}
