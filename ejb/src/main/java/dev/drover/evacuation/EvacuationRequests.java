package dev.drover.evacuation;

import dev.drover.model.EvacuationPolicy;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.planner.PlanRequest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads requests as people and scripts write them; the same on every surface. */
public final class EvacuationRequests {

    private EvacuationRequests() {}

    /**
     * Of plain text, where null and blank are absent.
     *
     * @param targets separated by commas
     * @param deadline ISO 8601, as 2026-11-24T02:00:00Z
     * @throws FailureException {@link FailureCode#INVALID_ARGUMENT} naming the argument
     */
    public static PlanRequest ofText(
            @Nullable String host, @Nullable String targets, @Nullable String policy, @Nullable String deadline) {
        List<String> names = isAbsent(targets)
                ? List.of()
                : Arrays.stream(String.valueOf(targets).split(","))
                        .map(String::strip)
                        .filter(name -> !name.isEmpty())
                        .toList();
        return of(host, names, policy, deadline);
    }

    /** The same with the targets as a list. */
    public static PlanRequest of(
            @Nullable String host, List<String> targets, @Nullable String policy, @Nullable String deadline) {
        if (host == null || host.isBlank()) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT, "host: is missing; name the host that shall be emptied");
        }
        return new PlanRequest(
                host.strip(),
                targets,
                policy == null || policy.isBlank() ? EvacuationPolicy.LIVE : EvacuationPolicy.parse(policy),
                deadline == null || deadline.isBlank() ? Optional.empty() : Optional.of(instant(deadline)));
    }

    private static boolean isAbsent(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text.strip());
        } catch (DateTimeParseException e) {
            throw new FailureException(
                    FailureCode.INVALID_ARGUMENT,
                    "deadline: '" + text + "' is no time; write it as 2026-11-24T02:00:00Z");
        }
    }
}
