package dev.drover.migration;

import dev.drover.ownership.LeaseLost;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes what has happened, as often as it takes: while the journal does not take it, it is kept here and the migration
 * counts as unfinished.
 */
final class Outcomes {

    private final MigrationContext context;

    Outcomes(MigrationContext context) {
        this.context = context;
    }

    /**
     * @param of whose outcome it is
     * @param write the write; repeated when it is unknown whether it got there
     * @param then what follows once it is on disk
     * @param lost what follows when another server owns it by now
     */
    void write(Migration of, Supplier<Migration> write, Consumer<Migration> then, Runnable lost) {
        attempt(of, write, then, lost, context.config().firstLook());
    }

    private void attempt(
            Migration of, Supplier<Migration> write, Consumer<Migration> then, Runnable lost, Duration wait) {
        Migration written;
        try {
            written = write.get();
        } catch (LeaseLost e) {
            lost.run();
            return;
        } catch (JournalUnavailable e) {
            context.listener().alert(of, e.failure());
            Duration next = context.config().longer(wait);
            context.timers().after(wait, () -> context.executor().execute(() -> attempt(of, write, then, lost, next)));
            return;
        }
        then.accept(written);
    }
}
