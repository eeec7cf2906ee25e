package dev.drover.model;

/**
 * A failure as data: what an operator is told and what a journal keeps.
 *
 * @param number libvirt's raw number where libvirt spoke (unknown ones survive), else the code's own
 * @param message names the argument or the host, the reason and the way out
 */
public record Failure(FailureCode code, int number, String message) {

    public static Failure of(FailureCode code, String message) {
        return new Failure(code, code.number(), message);
    }

    public FailureCode.Kind kind() {
        return code.kind();
    }
}
