package dev.drover.chaos;

import dev.drover.audit.AuditEntry;
import dev.drover.evacuation.Evacuation;
import dev.drover.fleet.HostStore;
import dev.drover.memory.InMemoryDatabase;
import dev.drover.memory.InMemoryDatabase.Mode;
import dev.drover.migration.Migration;
import dev.drover.ownership.Life;
import dev.drover.time.Timers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** What is on disk: it outlives every controller, and can be read here whether or not a controller could. */
final class Ledger {

    private static final int ALL = Integer.MAX_VALUE;

    private final InMemoryDatabase database;
    private final Life reader = new Life(new UUID(0, 0), "reader");
    private final Map<String, HostStore.Entry> hosts = new LinkedHashMap<>();
    private final Executions executions = new Executions();
    private final Trace trace;
    private final Runnable struck;
    private Mode mode = Mode.WELL;
    private int answersToLose;

    /** @param struck told of each answer that is lost */
    Ledger(Timers time, Trace trace, Runnable struck) {
        this.struck = struck;
        this.database = new InMemoryDatabase(time);
        this.trace = trace;
    }

    InMemoryDatabase database() {
        return database;
    }

    Map<String, HostStore.Entry> hosts() {
        return hosts;
    }

    /** The batch runtime's own repository. */
    Executions executions() {
        return executions;
    }

    void down(boolean whether) {
        trace.add("the journal is " + (whether ? "down" : "back"));
        become(whether ? Mode.GONE : Mode.WELL);
    }

    private void become(Mode next) {
        mode = next;
        database.become(next);
    }

    void loseNextAnswer() {
        answersToLose++;
    }

    /** A controller's write, whose answer may get lost. */
    <T> T write(Supplier<T> write) {
        if (answersToLose == 0 || mode != Mode.WELL) {
            return write.get();
        }
        answersToLose--;
        struck.run();
        trace.add("the journal's answer is lost");
        database.become(Mode.ANSWERS_LOST);
        try {
            return write.get();
        } finally {
            database.become(mode);
        }
    }

    private <T> T look(Supplier<T> question) {
        database.become(Mode.WELL);
        try {
            return question.get();
        } finally {
            database.become(mode);
        }
    }

    List<Migration> migrations() {
        return look(() -> database.journal(() -> reader).newest(ALL));
    }

    Optional<Evacuation> evacuation(UUID id) {
        return look(() -> database.evacuations(() -> reader).find(id));
    }

    List<Evacuation> evacuations() {
        return look(() -> database.evacuations(() -> reader).newest(ALL));
    }

    /** All lines that tell of migrations of that domain, oldest first. */
    List<AuditEntry> entries(UUID domain) {
        List<AuditEntry> all = new ArrayList<>();
        migrations().stream()
                .filter(migration -> migration.domain().equals(domain))
                .forEach(migration -> all.addAll(look(() -> database.audit().ofMigration(migration.id()))));
        return all;
    }
}
