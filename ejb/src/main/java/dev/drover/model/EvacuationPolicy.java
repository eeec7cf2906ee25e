package dev.drover.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What may be done to a domain to get it off its host. */
public enum EvacuationPolicy {
    /** Live migration only: a domain that cannot migrate live stays where it is and is reported. */
    LIVE;

    /** The word for it in requests. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws FailureException {@link FailureCode#INVALID_ARGUMENT} for an unknown word */
    public static EvacuationPolicy parse(String word) {
        return Arrays.stream(values())
                .filter(policy -> policy.name().equalsIgnoreCase(word.strip()))
                .findFirst()
                .orElseThrow(() -> new FailureException(
                        FailureCode.INVALID_ARGUMENT,
                        "policy: unknown policy '" + word + "'. Known policies: "
                                + Arrays.stream(values())
                                        .map(EvacuationPolicy::word)
                                        .collect(Collectors.joining(", "))));
    }
}
