package dev.drover.driver.libvirt;

import dev.drover.driver.libvirt.remote.RemoteCalls;
import dev.drover.driver.libvirt.wire.DomainRef;
import dev.drover.model.MigrateParams;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Every procedure that the driver calls, found by reflection so that none added later is left out. */
final class RemoteProcedures {

    static final List<Method> ALL = Arrays.stream(RemoteCalls.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> method.getReturnType() == CompletableFuture.class)
            .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toString))
            .toList();

    private static final Map<Class<?>, Object> VALUES = Map.of(
            int.class,
            1,
            long.class,
            1L,
            boolean.class,
            true,
            byte[].class,
            new byte[] {1},
            String.class,
            "guest",
            UUID.class,
            new UUID(1, 2),
            DomainRef.class,
            new DomainRef("guest", new UUID(1, 2), 3),
            List.class,
            List.of(),
            MigrateParams.class,
            MigrateParams.none(),
            Optional.class,
            Optional.empty());

    private RemoteProcedures() {}

    static CompletableFuture<?> call(RemoteCalls calls, Method method) {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(RemoteProcedures::value)
                .toArray();
        try {
            return (CompletableFuture<?>) method.invoke(calls, arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(method + " cannot be called", e);
        }
    }

    private static Object value(Class<?> type) {
        Object value = VALUES.get(type);
        if (value == null) {
            throw new IllegalStateException("RemoteProcedures has no value of " + type + "; give it one");
        }
        return value;
    }
}
