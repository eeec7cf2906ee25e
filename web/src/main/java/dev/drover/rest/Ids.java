package dev.drover.rest;

import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads ids from paths and bodies. */
final class Ids {

    private Ids() {}

    /** @throws FailureException {@link FailureCode#INVALID_ARGUMENT} naming {@code argument} */
    static UUID parse(String argument, @Nullable String text) {
        try {
            return UUID.fromString(String.valueOf(text));
        } catch (IllegalArgumentException e) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT, argument + ": '" + text + "' is no id; ids are UUIDs");
        }
    }
}
