package dev.drover.evacuation;

import dev.drover.migration.Journal;
import dev.drover.migration.JournalUnavailable;
import dev.drover.migration.Migration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Tells of every migration that has ended and needs a human, whichever server it was of, until a human has acknowledged it
 * on whichever server. What is open stands in the journal: nothing is lost with a server.
 */
final class OpenQuestions {

    private final Journal journal;
    private final TransitionLog log;
    private Set<UUID> open = Set.of();

    OpenQuestions(Journal journal, TransitionLog log) {
        this.journal = journal;
        this.log = log;
    }

    /** @throws JournalUnavailable when nobody can say; what was told stands then */
    void look() {
        log.withoutAcknowledgements(this::compare);
    }

    private void compare() {
        List<Migration> unsettled = journal.unsettled();
        Set<UUID> now = unsettled.stream().map(Migration::id).collect(Collectors.toSet());
        open.stream().filter(before -> !now.contains(before)).forEach(log::calm);
        unsettled.forEach(migration -> migration.openQuestion().ifPresent(why -> log.alert(migration, why)));
        open = now;
    }
}
