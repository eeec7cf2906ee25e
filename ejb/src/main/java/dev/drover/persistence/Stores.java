package dev.drover.persistence;

import dev.drover.evacuation.EvacuationStore;
import dev.drover.evacuation.GuardedEvacuations;
import dev.drover.migration.GuardedJournal;
import dev.drover.migration.Journal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Hands out the stores whose writers must reckon with a database that is gone. */
@ApplicationScoped
public class Stores {

    @Produces
    @ApplicationScoped
    Journal journal(JournalTransactions transactions) {
        return new GuardedJournal(new JpaJournal(transactions));
    }

    @Produces
    @ApplicationScoped
    EvacuationStore evacuations(EvacuationTransactions transactions) {
        return new GuardedEvacuations(transactions);
    }
}
