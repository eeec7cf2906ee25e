package dev.drover.planner;

import dev.drover.model.Domain;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import java.util.List;
import java.util.stream.Collectors;

/** What becomes of one domain. */
public sealed interface Decision {

    Domain domain();

    /** It goes to the host of that name. */
    record MoveTo(Domain domain, String destination) implements Decision {}

    /**
     * It stays, for a reason per target, or for one that holds wherever it would go.
     *
     * @param reasons at least one
     */
    record Blocked(Domain domain, List<Reason> reasons) implements Decision {

        public Blocked {
            reasons = List.copyOf(reasons);
        }

        /** All reasons as one failure: their code when they agree, else {@link FailureCode#NO_TARGET}. */
        public Failure failure() {
            List<FailureCode> codes = reasons.stream()
                    .map(reason -> reason.failure().code())
                    .distinct()
                    .toList();
            String message = reasons.stream()
                    .map(reason -> reason.failure().message())
                    .distinct()
                    .collect(Collectors.joining("; "));
            return Failure.of(codes.size() == 1 ? codes.get(0) : FailureCode.NO_TARGET, message);
        }
    }

    /**
     * Why a domain cannot go to a target.
     *
     * @param target name of the host it cannot go to; the source's own name when no target would do
     */
    record Reason(String target, Failure failure) {}
}
