package dev.drover.chaos;

import java.util.UUID;

/** A call that changes a hypervisor. */
record Change(Kind kind, UUID domain, String host) {

    /** What is asked for, and the step of the audit trail that must have announced it. */
    enum Kind {
        START("BEGIN"),
        ABORT("ABORT"),
        RESUME("RESUME_SOURCE"),
        SUSPEND("SUSPEND_DESTINATION"),
        DESTROY("DESTROY_SOURCE"),
        DEFINE("DEFINE_DESTINATION"),
        UNDEFINE("UNDEFINE_SOURCE"),
        SET_MAX_DOWNTIME("SET_MAX_DOWNTIME"),
        START_POST_COPY("START_POST_COPY"),
        FINISH_POST_COPY("FINISH_POST_COPY"),
        LET_COPY_GO("LET_COPY_GO"),
        RECOVER_POST_COPY("RECOVER_POST_COPY");

        private final String step;

        Kind(String step) {
            this.step = step;
        }

        /** Whether one announcement covers asking again: it means the same the second time. */
        boolean isRepeatable() {
            return this == ABORT;
        }

        String step() {
            return step;
        }
    }
}
