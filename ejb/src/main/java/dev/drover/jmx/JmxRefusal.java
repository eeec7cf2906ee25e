package dev.drover.jmx;

import dev.drover.model.Failure;
import dev.drover.model.FailureException;
import java.util.function.Supplier;

/**
 * A refusal that any JMX client can read: a plain runtime exception, since Drover's own classes are not on the other
 * side's class path.
 */
final class JmxRefusal {

    private JmxRefusal() {}

    static <T> T explained(Supplier<T> call) {
        try {
            return call.get();
        } catch (FailureException e) {
            Failure failure = e.failure();
            // not the cause: a client without the class could not read it
            throw new IllegalArgumentException(
                    failure.message() + " [" + failure.code() + ", code " + failure.number() + "]");
        }
    }
}
