package dev.drover.hypervisor;

import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A failure at a hypervisor's hands or on the way there. Where libvirt answered, its number, domain (the part of
 * libvirt that spoke), level and strings are kept as they came, known or not.
 */
public final class HypervisorException extends FailureException {

    private static final long serialVersionUID = 1L;

    private final int domain;
    private final int level;
    private final transient List<String> strings;
    private final boolean answered;

    public HypervisorException(FailureCode code, String message) {
        this(code, message, null);
    }

    public HypervisorException(FailureCode code, String message, @Nullable Throwable cause) {
        super(Failure.of(code, message), cause);
        this.domain = 0;
        this.level = 2;
        this.strings = List.of();
        this.answered = false;
    }

    private HypervisorException(Failure failure, int domain, int level, List<String> strings) {
        super(failure, null);
        this.domain = domain;
        this.level = level;
        this.strings = List.copyOf(strings);
        this.answered = true;
    }

    /**
     * An error that libvirt sent.
     *
     * @param number {@code virErrorNumber}
     * @param domain {@code virErrorDomain}
     * @param level {@code virErrorLevel}: 1 warning, 2 error
     * @param strings its str1..str3, absent ones empty
     */
    public static HypervisorException ofLibvirt(
            int number, int domain, int level, String message, List<String> strings) {
        return new HypervisorException(
                new Failure(FailureCode.ofLibvirt(number), number, message), domain, level, strings);
    }

    /**
     * Whether the hypervisor itself said so. Otherwise the answer was lost or never came, and what the call did there is
     * not known.
     */
    public boolean isAnswer() {
        return answered;
    }

    /** {@code virErrorDomain}; 0 when the error is Drover's own. */
    public int domain() {
        return domain;
    }

    public int level() {
        return level;
    }

    public List<String> strings() {
        return strings;
    }
}
