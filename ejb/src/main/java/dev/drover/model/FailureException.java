package dev.drover.model;

import org.jspecify.annotations.Nullable;

/** Carries a {@link Failure} up the stack; every refusal and every error that Drover explains is one. */
public class FailureException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Failure failure;

    public FailureException(Failure failure) {
        this(failure, null);
    }

    public FailureException(Failure failure, @Nullable Throwable cause) {
        super(failure.message(), cause);
        this.failure = failure;
    }

    public FailureException(FailureCode code, String message) {
        this(Failure.of(code, message), null);
    }

    public Failure failure() {
        return failure;
    }

    /** The failure inside {@code thrown} or one of its causes; anything unexplained is {@link FailureCode#INTERNAL}. */
    public static Failure failureOf(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof FailureException explained) {
                return explained.failure();
            }
        }
        return Failure.of(FailureCode.INTERNAL, "unexpected " + thrown + "; see the server log");
    }
}
