package dev.drover.lab;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Prints each test with its end and time, and at last how many ended how: for classes that take long. One class each. */
public final class Progress implements BeforeAllCallback, BeforeEachCallback, TestWatcher, AfterAllCallback {

    private static final double NANOS = 1e9;

    private final Map<String, Integer> ends = new TreeMap<>();
    private long classBegan;
    private long began;

    @Override
    public void beforeAll(ExtensionContext context) {
        classBegan = System.nanoTime();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        began = System.nanoTime();
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        tell(context, "passed", "");
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        tell(context, "FAILED", ": " + cause);
    }

    @Override
    public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
        tell(context, "left out", ": " + (cause == null ? "" : cause.getMessage()));
    }

    @Override
    public void testDisabled(ExtensionContext context, Optional<String> reason) {
        tell(context, "disabled", ": " + reason.orElse(""));
    }

    private void tell(ExtensionContext context, String end, String detail) {
        ends.merge(end, 1, Integer::sum);
        int number = ends.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf(
                "%4d %-8s %6.1f s  %s %s%s%n",
                number,
                end,
                (System.nanoTime() - began) / NANOS,
                context.getRequiredTestMethod().getName(),
                context.getDisplayName(),
                detail);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Duration whole = Duration.ofNanos(System.nanoTime() - classBegan);
        System.out.printf("%s: %s in %d s%n", context.getRequiredTestClass().getSimpleName(), ends, whole.toSeconds());
    }
}
