package dev.drover.chaos;

import dev.drover.audit.AuditEntry;
import dev.drover.evacuation.Evacuation;
import dev.drover.migration.Migration;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store in which a controller may die before and after each write. */
final class Watched implements InvocationHandler {

    private static final Set<String> WRITES =
            Set.of("insert", "update", "note", "delete", "begin", "renew", "inherit", "adoptOrphans", "end");

    private final World world;
    private final Incarnation controller;
    private final Object store;

    private Watched(World world, Incarnation controller, Object store) {
        this.world = world;
        this.controller = controller;
        this.store = store;
    }

    static <T> T store(Class<T> kind, World world, Incarnation controller, T store) {
        return kind.cast(Proxy.newProxyInstance(
                kind.getClassLoader(), new Class<?>[] {kind}, new Watched(world, controller, store)));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        if (!WRITES.contains(method.getName())) {
            controller.requireAlive();
            Object answer = call(method, arguments);
            return method.getName().equals("unsettled") ? world.mutation().remembers(answer) : answer;
        }
        if (arguments != null
                && arguments.length == 2
                && arguments[0] instanceof Migration migration
                && arguments[1] instanceof AuditEntry entry) {
            if (world.mutation().swallows(migration, entry)) {
                return migration;
            }
            arguments[0] = world.mutation().writes(migration, entry);
        }
        if (arguments != null && arguments.length == 2 && arguments[0] instanceof Evacuation evacuation) {
            arguments[0] = world.mutation().writes(evacuation);
        }
        String what = text(method.getName(), arguments);
        world.steps().at(controller, "before " + what);
        Object answer = world.ledger().write(() -> {
            try {
                Object written = call(method, arguments);
                if (!method.getName().equals("renew")) {
                    world.trace().add("journal: " + what);
                }
                return written;
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("stores throw no checked exceptions", e);
            }
        });
        world.steps().at(controller, "after " + what);
        return answer;
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(store, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    // without ids, which chance makes anew in each run
    private static String text(String method, @Nullable Object @Nullable [] arguments) {
        StringBuilder text = new StringBuilder(method);
        if (arguments != null) {
            for (Object argument : arguments) {
                if (argument instanceof Migration migration) {
                    text.append(' ').append(migration.domainName()).append(' ').append(migration.state());
                } else if (argument instanceof AuditEntry entry) {
                    text.append(' ').append(entry.what());
                }
            }
        }
        return text.toString();
    }
}
