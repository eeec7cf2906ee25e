package dev.drover.ownership;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The lives in the database. Each call is a transaction of its own; time is the database's, so that the clocks of the
 * servers do not matter.
 */
public interface LifeStore {

    /** A new life, whose lease lasts for {@code lease} from now. */
    void begin(Life life, Duration lease);

    /** Lengthens the lease to {@code lease} from now, also when it had run out. @return false when the life has been ended */
    boolean renew(UUID life, Duration lease);

    /** Those whose lease has run out and that nobody has ended, {@code besides} left out. */
    List<Life> expired(UUID besides);

    /** Those of that node that nobody has ended, {@code besides} left out. */
    List<Life> ofNode(String node, UUID besides);

    /**
     * Ends a life and gives all its unfinished evacuations and migrations to {@code heir}, in one transaction: its own
     * writes are refused from then on.
     *
     * @param onlyExpired whether to leave it alone when its lease was renewed meanwhile
     * @return false when it was left alone or ended already
     */
    boolean inherit(Life dead, Life heir, boolean onlyExpired);

    /** Gives what no life owns to {@code heir}: rows of a version that knew no lives. */
    void adoptOrphans(Life heir);

    /** Gives up one's own lease: what the life owns is inherited by whoever looks next. */
    void end(UUID life);
}
