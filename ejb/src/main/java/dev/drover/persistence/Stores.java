package dev.drover.persistence;

import dev.drover.audit.AuditTrail;
import dev.drover.evacuation.EvacuationStore;
import dev.drover.evacuation.GuardedEvacuations;
import dev.drover.fleet.HostStore;
import dev.drover.migration.GuardedJournal;
import dev.drover.migration.Journal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** Hands out the stores, for whose callers a database that is gone is one kind of failure. */
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

    @Produces
    @ApplicationScoped
    HostStore hosts(JpaHosts transactions) {
        return new GuardedHosts(transactions);
    }

    @Produces
    @ApplicationScoped
    AuditTrail audit(JpaAudit transactions) {
        return new GuardedAudit(transactions);
    }
}
