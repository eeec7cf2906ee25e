package dev.drover.evacuation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.drover.audit.Actor;
import dev.drover.migration.JournalUnavailable;
import dev.drover.model.Failure;
import dev.drover.model.FailureCode;
import dev.drover.model.FailureException;
import dev.drover.ownership.LeaseLost;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every method of the store, also those that are added one day: none may let a technical failure through. */
class GuardedEvacuationsTest {

    private static final Evacuation EVACUATION = Evacuations.of("h1", EvacuationState.RUNNING);

    private final List<String> called = new ArrayList<>();

    static Stream<Method> methods() {
        return Arrays.stream(EvacuationStore.class.getMethods());
    }

    private EvacuationStore guarded(Supplier<@Nullable Object> answer) {
        var store = (EvacuationStore) Proxy.newProxyInstance(
                EvacuationStore.class.getClassLoader(),
                new Class<?>[] {EvacuationStore.class},
                (proxy, method, arguments) -> {
                    called.add(method.getName());
                    return answer.get();
                });
        return new GuardedEvacuations(store);
    }

    private static Object argument(Class<?> type) {
        if (type == Evacuation.class) {
            return EVACUATION;
        }
        if (type == Actor.class) {
            return Actor.drover();
        }
        if (type == UUID.class) {
            return EVACUATION.id();
        }
        if (type == int.class) {
            return 7;
        }
        if (type == String.class) {
            return "h1";
        }
        return type == List.class
                ? List.of()
                : EVACUATION.entry(
                        EvacuationStep.EXECUTE, Actor.drover(), EvacuationState.RUNNING, Instant.EPOCH, "detail");
    }

    private static @Nullable Object call(EvacuationStore store, Method method) throws Throwable {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(GuardedEvacuationsTest::argument)
                .toArray();
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Throwable thrown(EvacuationStore store, Method method) {
        try {
            return new AssertionError(method.getName() + " returned " + call(store, method));
        } catch (Throwable e) {
            return e;
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void answersComeThrough(Method method) throws Throwable {
        Object answer = method.getReturnType() == Optional.class
                ? Optional.of(EVACUATION)
                : method.getReturnType() == List.class
                        ? List.of(EVACUATION)
                        : method.getReturnType() == Evacuation.class ? EVACUATION : null;
        assertSame(answer, call(guarded(() -> answer), method));
        assertEquals(List.of(method.getName()), called);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void technicalFailuresBecomeAJournalThatIsUnavailable(Method method) {
        var cause = new IllegalStateException("around it", new IllegalStateException("the disk is full"));
        Throwable seen = thrown(
                guarded(() -> {
                    throw cause;
                }),
                method);
        var unavailable = assertInstanceOf(JournalUnavailable.class, seen);
        assertEquals(FailureCode.JOURNAL_UNAVAILABLE, unavailable.failure().code());
        assertTrue(unavailable.failure().message().contains("the disk is full"), unavailable::toString);
        assertSame(cause, unavailable.getCause());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void refusalsComeThroughAsTheyAreAlsoWhereTheContainerWrapsThem(Method method) {
        var lost = new LeaseLost("another server's");
        assertSame(
                lost,
                thrown(
                        guarded(() -> {
                            throw lost;
                        }),
                        method));
        var taken = new FailureException(Failure.of(FailureCode.EVACUATION_RUNNING, "h1 is being emptied"));
        assertSame(
                taken,
                thrown(
                        guarded(() -> {
                            throw new IllegalStateException("transaction rolled back", taken);
                        }),
                        method));
    }
}
