package dev.drover.migration;

import java.util.Collection;
import java.util.List;

/** Decides how many migrations run at once, over all evacuations together. Pure: reads its arguments only. */
public interface MigrationScheduler {

    /**
     * Which of the waiting migrations may start now.
     *
     * @param waiting in the order in which they were asked for
     * @param running those that have started and not ended
     */
    List<Migration> admit(List<Migration> waiting, Collection<Migration> running);
}
